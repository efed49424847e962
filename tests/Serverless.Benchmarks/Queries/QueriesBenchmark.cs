using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Runs;
using Serverless.Storage;
using Serverless.Storage.Sqlite;

namespace Serverless.Benchmarks.Queries;

/// <summary>
/// Lists, counts and histories of runs on SQLite, in this process, without HTTP; then what clients write beside them, through a host.
/// The data is that of <see cref="ManyRuns"/>.
/// </summary>
internal static class QueriesBenchmark
{
    private const int WarmUp = 50;
    private const int Rounds = 300;

    public static async Task RunAsync(string folder)
    {
        var data = ManyRuns.FolderOf(folder);
        await MeasureQueriesAsync(Path.Combine(data, "serverless.db"));
        await ClientWrites.RunAsync(data);
    }

    private static async Task MeasureQueriesAsync(string path)
    {
        await using var store = SqliteRowStore.Open(new SqliteRowStoreOptions { Path = path, Durability = SqliteDurability.Normal });
        ServiceCollection services = new();
        services.AddLogging(logging => logging.ClearProviders());
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IRowStore>(store);
        services.AddServerlessServer();
        await using var provider = services.BuildServiceProvider();
        await new StorageLayout(store).StartingAsync(CancellationToken.None);
        var (flow, deployment) = await ManyRuns.EnsureAsync(store, provider, path);
        await MeasureAsync(provider, flow, deployment);
    }

    private static async Task MeasureAsync(ServiceProvider provider, Guid flow, Guid deployment)
    {
        var runs = provider.GetRequiredService<FlowRunService>();
        var taskRuns = provider.GetRequiredService<TaskRunService>();
        FlowRunFilter failed = new() { State = new StateFilter { Type = new StateTypeFilter { Any = [StateType.Failed] } } };
        FlowRunFilter late = new() { State = new StateFilter { Name = new TextFilter { Any = [StateNames.Late] } } };
        TaskRunFilter failedTasks = new() { State = new StateFilter { Type = new StateTypeFilter { Any = [StateType.Failed] } } };
        var day = DateTimeOffset.UtcNow.AddDays(-1);
        foreach (var sort in Enum.GetValues<FlowRunSort>())
        {
            await ListAsync($"by {sort}", new FlowRunQuery { Sort = sort });
        }

        await ListAsync("failed, newest", new() { FlowRuns = failed, Sort = FlowRunSort.StartTimeDesc });
        await ListAsync("late", new() { FlowRuns = late, Sort = FlowRunSort.ExpectedStartTimeAsc });
        await ListAsync("of a deployment", Of(new() { DeploymentId = new IdFilter { Any = [deployment] } }));
        await ListAsync("by a common tag", Of(new() { Tags = new TagFilter { All = ["team-a"] } }));
        await ListAsync("by a rare tag", Of(new() { Tags = new TagFilter { Any = [RunFactory.RareTag] } }));
        await ListAsync("by rare tag, state", Of(failed with { Tags = new TagFilter { Any = [RunFactory.RareTag] } }));
        await ListAsync("by a part of names", Of(new() { Name = new TextFilter { Like = "golden-" } }));
        await ListAsync("by a name of none", Of(new() { Name = new TextFilter { Like = "xyzzy" } }));
        await ListAsync("by a flow's name", new() { Flows = new() { Name = new TextFilter { Any = ["flow-3"] } } });
        await ListAsync("by a deployment's", new() { Deployments = new() { Name = new TextFilter { Like = "ment-7" } } });
        await ListAsync("with failed tasks", new() { TaskRuns = failedTasks });
        await CountAsync("count all", new());
        await CountAsync("count failed", new() { FlowRuns = failed });
        await CountAsync("count completed", Completed(null));
        await CountAsync("completed in a day", Completed(day));
        await CountAsync("count by flow", new() { Flows = new() { Id = new IdFilter { Any = [flow] } } });
        await MeasureCountsAsync(provider.GetRequiredService<RunCounts>(), deployment);
        await MeasureAsync("count failed tasks", async () => await taskRuns.CountAsync(new TaskRunQuery { TaskRuns = failedTasks }));
        var run = (await runs.FilterAsync(Of(failed) with { Limit = 1 }))[0].Id;
        await MeasureAsync(
            "a run's task runs",
            async () =>
                (await taskRuns.FilterAsync(new TaskRunQuery { TaskRuns = new() { FlowRunId = new IdFilter { Any = [run] } } })).Count
        );

        static FlowRunQuery Of(FlowRunFilter filter) => new() { FlowRuns = filter, Sort = FlowRunSort.ExpectedStartTimeDesc };
        static FlowRunQuery Completed(DateTimeOffset? after) =>
            new()
            {
                FlowRuns = new()
                {
                    State = new StateFilter { Type = new StateTypeFilter { Any = [StateType.Completed] } },
                    ExpectedStartTime = after is null ? null : new TimeFilter { After = after },
                },
            };
        Task ListAsync(string name, FlowRunQuery query) => MeasureAsync(name, async () => (await runs.FilterAsync(query)).Count);
        Task CountAsync(string name, FlowRunQuery query) => MeasureAsync(name, () => runs.CountAsync(query));
    }

    private static async Task MeasureCountsAsync(RunCounts counts, Guid deployment)
    {
        var now = DateTimeOffset.UtcNow;
        HistoryQuery month = Last(TimeSpan.FromDays(30), 60);
        HistoryQuery hour = Last(TimeSpan.FromHours(1), 60);
        FlowRunFilter topLevel = new() { ParentTaskRunId = new IdFilter { IsNull = true } };
        FlowRunFilter ofDeployment = new() { DeploymentId = new IdFilter { Any = [deployment] } };
        FlowRunFilter tagged = new() { Tags = new TagFilter { All = ["team-a"] } };
        await HistoryAsync("history, 30 days", month with { FlowRuns = topLevel });
        await HistoryAsync("history, 1 hour", hour with { FlowRuns = topLevel });
        await HistoryAsync("history of a deployment", month with { FlowRuns = ofDeployment });
        await HistoryAsync("history of a common tag", month with { FlowRuns = tagged });
        await MeasureAsync("history of task runs, 30 days", async () => Total(await counts.TaskRunHistoryAsync(month)));
        await MeasureAsync(
            "lateness",
            async () => (int)(await counts.AverageLatenessAsync(new RunCountQuery { FlowRuns = topLevel }) ?? 0)
        );
        TaskRunFilter lastDay = new() { StartTime = new TimeFilter { After = now.AddDays(-1) } };
        await MeasureAsync(
            "ended task runs of a day",
            async () => (await counts.DashboardAsync(new RunCountQuery { TaskRuns = lastDay })).Sum(part => part.Completed + part.Failed)
        );
        await MeasureAsync("task runs by state", async () => (await counts.CountByStateAsync(new RunCountQuery())).Values.Sum());

        HistoryQuery Last(TimeSpan span, int parts) =>
            new()
            {
                HistoryStart = now - span,
                HistoryEnd = now,
                HistoryIntervalSeconds = span.TotalSeconds / parts,
            };
        Task HistoryAsync(string name, HistoryQuery query) =>
            MeasureAsync(name, async () => Total(await counts.FlowRunHistoryAsync(query)));
        static int Total(IReadOnlyList<HistoryInterval> intervals) =>
            intervals.Sum(interval => interval.States.Sum(state => state.CountRuns));
    }

    private static async Task MeasureAsync(string name, Func<Task<int>> query)
    {
        List<double> times = [];
        var answer = 0;
        var total = Stopwatch.GetTimestamp();
        for (var warmUp = 0; warmUp < WarmUp && (warmUp == 0 || Stopwatch.GetElapsedTime(total) < TimeSpan.FromSeconds(3)); warmUp++)
        {
            answer = await query();
        }

        total = Stopwatch.GetTimestamp();
        while (times.Count < Rounds && Stopwatch.GetElapsedTime(total) < TimeSpan.FromSeconds(10))
        {
            var started = Stopwatch.GetTimestamp();
            await query();
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        times.Sort();
        Console.WriteLine(
            $"{name, -30} {answer, 10:N0}   p50 {times[times.Count / 2], 8:N2} ms   p99 {times[^((times.Count / 100) + 1)], 8:N2} ms"
        );
    }
}
