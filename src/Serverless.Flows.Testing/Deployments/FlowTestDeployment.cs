using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Deployments;
using Serverless.Server.Runs;

namespace Serverless.Flows.Testing;

/// <summary>A deployment on a <see cref="FlowTestHost"/>. What an operator changes here stays after a crash, as in the app.</summary>
public sealed class FlowTestDeployment
{
    private const int PageSize = 200;

    private readonly FlowTestHost _host;
    private readonly Guid _id;
    private readonly string _name;

    internal FlowTestDeployment(FlowTestHost host, Guid id, string name)
    {
        _host = host;
        _id = id;
        _name = name;
    }

    /// <summary>
    /// The runs of the deployment whose time has come, in the order of their times; not those that its schedules have created ahead.
    /// </summary>
    /// <returns>The runs, each with its state as it is now.</returns>
    public Task<IReadOnlyList<FlowTestRun>> RunsAsync() => _host.AskAsync(RunsAsync);

    /// <summary>Pauses the deployment: its schedules create no runs, and those that are created ahead are removed.</summary>
    /// <returns>When that is done.</returns>
    public Task PauseAsync() => SetPausedAsync(paused: true);

    /// <summary>Lets the schedules of the deployment create runs again.</summary>
    /// <returns>When that is done.</returns>
    public Task ResumeAsync() => SetPausedAsync(paused: false);

    /// <summary>Pauses a schedule, as <see cref="PauseAsync"/> does all.</summary>
    /// <param name="slug">The schedule's slug: <c>cron</c>, <c>interval</c> or <c>rrule</c> if it was given none.</param>
    /// <returns>When that is done.</returns>
    /// <exception cref="ArgumentException">There is no such schedule.</exception>
    public Task PauseScheduleAsync(string slug) => SetActiveAsync(slug, active: false);

    /// <summary>Lets a schedule create runs again.</summary>
    /// <param name="slug">The schedule's slug.</param>
    /// <returns>When that is done.</returns>
    /// <exception cref="ArgumentException">There is no such schedule.</exception>
    public Task ResumeScheduleAsync(string slug) => SetActiveAsync(slug, active: true);

    /// <summary>The deployment in words: <c>deployment 'sales-report/nightly'</c>.</summary>
    /// <returns>The words.</returns>
    public override string ToString() => $"deployment '{_name}'";

    private Task<bool> SetPausedAsync(bool paused) =>
        _host.AskAsync(async process =>
            await process.Get<DeploymentControl>().PauseAsync(_id, paused) ? true : throw new FlowTestException($"The {this} was deleted.")
        );

    private Task<bool> SetActiveAsync(string slug, bool active)
    {
        ArgumentException.ThrowIfNullOrEmpty(slug);
        return _host.AskAsync(async process =>
        {
            var deployment =
                await process.Get<DeploymentService>().GetAsync(_id) ?? throw new FlowTestException($"The {this} was deleted.");
            var schedule =
                deployment.Schedules.FirstOrDefault(each => each.Slug == slug)
                ?? throw new ArgumentException(
                    $"The {this} has no schedule '{slug}'; it has: {string.Join(", ", deployment.Schedules.Select(each => each.Slug))}.",
                    nameof(slug)
                );
            return await process
                .Get<DeploymentControl>()
                .UpdateScheduleAsync(_id, schedule.Id, new DeploymentScheduleUpdate { Active = active });
        });
    }

    private async Task<IReadOnlyList<FlowTestRun>> RunsAsync(Processes.TestProcess process)
    {
        List<FlowTestRun> runs = [];
        while (true)
        {
            var page = await process
                .Get<FlowRunService>()
                .FilterAsync(
                    new FlowRunQuery
                    {
                        FlowRuns = new FlowRunFilter
                        {
                            DeploymentId = new IdFilter { Any = [_id] },
                            ExpectedStartTime = new TimeFilter { Before = process.Clock.GetUtcNow() },
                        },
                        Sort = FlowRunSort.ExpectedStartTimeAsc,
                        Limit = PageSize,
                        Offset = runs.Count,
                    }
                );
            foreach (var run in page)
            {
                runs.Add(await FlowTestRun.ReadAsync(_host, process, run));
            }

            if (page.Count < PageSize)
            {
                return runs;
            }
        }
    }
}
