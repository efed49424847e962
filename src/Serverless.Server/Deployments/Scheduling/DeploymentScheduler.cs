using Microsoft.Extensions.Logging;
using Serverless.Core.Models;
using Serverless.Server.Runs;
using Serverless.Server.Runs.Writing;
using Serverless.Server.Schedules;
using Serverless.Storage;

namespace Serverless.Server.Deployments.Scheduling;

/// <summary>
/// Creates the runs of schedules ahead of their time. Each look at a deployment may be interrupted and repeated, by several hosts at once:
/// the id of a run follows from its schedule and time, and the plan moves on only when all runs up to it are there.
/// </summary>
public sealed partial class DeploymentScheduler
{
    private const int DeploymentsAtOnce = 32;
    private const int RunsAtOnce = 16;

    /// <summary>How often one look goes on after it was filled with missed times.</summary>
    private const int MostRounds = 20;

    /// <summary>
    /// How long a look may create runs by what it has read. It is far shorter than <see cref="DeploymentPlan.CleanFor"/>: whatever it
    /// creates after a change is found.
    /// </summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    private readonly IRowStore _store;
    private readonly DeploymentRows _rows;
    private readonly DueDeployments _due;
    private readonly FlowRunCreation _creation;
    private readonly OutdatedRuns _outdated;
    private readonly CommitRetry _retry;
    private readonly TimeProvider _time;
    private readonly ILogger<DeploymentScheduler> _logger;

    internal DeploymentScheduler(
        IRowStore store,
        DeploymentRows rows,
        DueDeployments due,
        FlowRunCreation creation,
        OutdatedRuns outdated,
        CommitRetry retry,
        TimeProvider time,
        ILogger<DeploymentScheduler> logger
    )
    {
        _store = store;
        _rows = rows;
        _due = due;
        _creation = creation;
        _outdated = outdated;
        _retry = retry;
        _time = time;
        _logger = logger;
    }

    /// <summary>Looks at every deployment that is due. One that fails does not keep the others.</summary>
    /// <returns>How many runs were created.</returns>
    /// <exception cref="AggregateException">Deployments could not be scheduled; the next pass tries them again.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken = default)
    {
        // A plan becomes durable after the runs that it tells of.
        using var deferred = DeferredCommits.Begin();
        var created = 0;
        List<Exception> failures = [];
        await Parallel.ForEachAsync(
            _due.ReadAsync(_time.GetUtcNow(), cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = DeploymentsAtOnce, CancellationToken = cancellationToken },
            async (entry, token) =>
            {
                try
                {
                    var stored = await _rows.FindAsync(entry.FlowName, entry.Name, token);
                    await _due.RemoveIfDeadAsync(entry, stored, token);
                    if (stored is not null)
                    {
                        Interlocked.Add(ref created, await FillAsync(stored.Deployment.Id, stored, token));
                    }
                }
#pragma warning disable CA1031 // The others must not wait for it; the pass as a whole tells of it.
                catch (Exception error) when (error is not OperationCanceledException || !token.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    LogFailed(error, entry.FlowName, entry.Name);
                    lock (failures)
                    {
                        failures.Add(error);
                    }
                }
            }
        );
        await _store.WhenDurableAsync(cancellationToken);
        return failures.Count == 0 ? created : throw new AggregateException(failures);
    }

    /// <summary>Looks at one deployment now, after a change of it.</summary>
    /// <returns>How many runs were created.</returns>
    public async Task<int> FillAsync(Guid deploymentId, CancellationToken cancellationToken = default)
    {
        using var deferred = DeferredCommits.Begin();
        var created = await FillAsync(deploymentId, known: null, cancellationToken);
        await _store.WhenDurableAsync(cancellationToken);
        return created;
    }

    /// <summary>
    /// Creates runs for the times that a request asks for, whether there are runs ahead of them or not. A time that has its run already
    /// gets no second one.
    /// </summary>
    public async Task CreateRunsAsync(Guid deploymentId, ScheduleRunsRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (await _rows.FindAsync(deploymentId, cancellationToken) is not { } stored)
        {
            return;
        }

        var start = request.StartTime ?? _time.GetUtcNow();
        var end = request.EndTime ?? start + ScheduleFill.MaxAhead;
        var reach = start.AddSeconds(request.MinTime ?? ScheduleFill.MinAhead.TotalSeconds);
        var least = request.MinRuns ?? ScheduleFill.MinRuns;
        foreach (var schedule in stored.Deployment.Schedules.Where(each => each.Active))
        {
            List<DateTimeOffset> times = [];
            foreach (var time in Schedule.Parse(schedule.Schedule, start).Next(start, request.MaxRuns ?? ScheduleFill.MaxRuns, end))
            {
                times.Add(time);
                if (times.Count >= least && time >= reach)
                {
                    break;
                }
            }

            await CreateAsync(stored, schedule, times, cancellationToken);
        }
    }

    /// <summary>What becomes of a run that is to begin: asked for one that a schedule created and that has not begun.</summary>
    public async Task<ScheduledRunVerdict> JudgeAsync(FlowRun run, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (!ScheduledRuns.IsUntouched(run) || run.DeploymentId is not { } deploymentId)
        {
            return new ScheduledRunVerdict.Begins();
        }

        var stored = await _rows.FindAsync(deploymentId, cancellationToken);
        return !ScheduledRuns.IsWanted(run, stored) ? new ScheduledRunVerdict.Outdated()
            : ScheduledRuns.WhyPassedOver(run, stored!.Deployment, _time.GetUtcNow()) is { } reason
                ? new ScheduledRunVerdict.PassedOver(reason)
            : new ScheduledRunVerdict.Begins();
    }

    private async Task<int> FillAsync(Guid deploymentId, StoredDeployment? known, CancellationToken cancellationToken)
    {
        var created = 0;
        for (var round = 0; round < MostRounds; round++)
        {
            var isDone = await _retry.RunAsync<bool>(
                async token =>
                {
                    var stored = known ?? await _rows.FindAsync(deploymentId, token);
                    known = null;
                    if (stored is null or { Plan.CleanUntil: not null })
                    {
                        await _outdated.DeleteAsync(deploymentId, stored, token);
                    }

                    if (stored is null || stored.Plan.Due is null || stored.Plan.Due > _time.GetUtcNow())
                    {
                        return true;
                    }

                    var (plan, count) = await FillAsync(stored, token);
                    created += count;
                    return await _rows.TryReplaceAsync(stored, plan, token) ? plan.Due > _time.GetUtcNow() : default(TryResult<bool>);
                },
                cancellationToken
            );
            if (isDone)
            {
                break;
            }
        }

        return created;
    }

    /// <summary>Creates the runs that a deployment needs now.</summary>
    /// <returns>The plan with them, and how many are new.</returns>
    private async Task<(DeploymentPlan Plan, int Created)> FillAsync(StoredDeployment stored, CancellationToken cancellationToken)
    {
        var read = _time.GetTimestamp();
        var now = _time.GetUtcNow();
        var cleanUntil = stored.Plan.CleanUntil > now ? stored.Plan.CleanUntil : null;
        var due = cleanUntil;
        var created = 0;
        List<SchedulePlan> plans = [];
        foreach (var plan in stored.Plan.Schedules)
        {
            if (
                stored.Deployment.Paused
                || stored.Deployment.Schedules.FirstOrDefault(each => each.Id == plan.ScheduleId) is not { Active: true } schedule
            )
            {
                plans.Add(plan);
            }
            else if (_time.GetElapsedTime(read) > Freshness)
            {
                plans.Add(plan);
                due = now;
            }
            else
            {
                var fill = ScheduleFill.Of(schedule, plan, now);
                created += await CreateAsync(stored, schedule, fill.Times, cancellationToken);
                plans.Add(plan with { Cursor = fill.Cursor });
                due = due is null || fill.Due < due ? fill.Due ?? due : due;
            }
        }

        return (stored.Plan with { Serial = stored.Plan.Serial + 1, Due = due, CleanUntil = cleanUntil, Schedules = plans }, created);
    }

    private async Task<int> CreateAsync(
        StoredDeployment stored,
        DeploymentSchedule schedule,
        IReadOnlyList<DateTimeOffset> times,
        CancellationToken cancellationToken
    )
    {
        if (stored.Plan.Of(schedule.Id) is not { } plan)
        {
            return 0;
        }

        var created = 0;
        await Parallel.ForEachAsync(
            times,
            new ParallelOptions { MaxDegreeOfParallelism = RunsAtOnce, CancellationToken = cancellationToken },
            async (time, token) =>
            {
                var run = await _creation.TryCreateAsync(
                    ScheduledRuns.Draft(stored.Deployment, schedule, plan.Revision, time),
                    ScheduledRuns.StateAt(time),
                    TransitionOrigin.Client,
                    parentFlowRunId: null,
                    isNew: true,
                    token
                );
                if (run is { Created: true })
                {
                    Interlocked.Increment(ref created);
                }
            }
        );
        return created;
    }

    [LoggerMessage(LogLevel.Error, "The schedules of deployment '{Flow}/{Deployment}' could not be planned; the next pass tries again.")]
    private partial void LogFailed(Exception error, string flow, string deployment);
}
