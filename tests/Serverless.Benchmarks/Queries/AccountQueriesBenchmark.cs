using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Benchmarks.Cost;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Runs;
using Serverless.Storage;
using Serverless.Storage.Azure;
using Serverless.Testing;

namespace Serverless.Benchmarks.Queries;

/// <summary>
/// What lists, counts and histories of flow runs ask of a storage account: requests, rows and bytes, counted at the wire between the store
/// and Azurite. SERVERLESS_BENCHMARK_RUNS says how many flow runs there are (2,000), each with five task runs.
/// </summary>
internal static class AccountQueriesBenchmark
{
    private const int Flows = 20;
    private const int Deployments = 50;

    public static async Task RunAsync(string folder)
    {
        if (AzuriteProcess.SkipReason is { } reason)
        {
            Console.WriteLine(reason);
            return;
        }

        var count = int.TryParse(Environment.GetEnvironmentVariable("SERVERLESS_BENCHMARK_RUNS"), out var given) ? given : 2_000;
        await using var azurite = await AzuriteProcess.StartAsync();
        await using var proxy = await CountingProxy.StartAsync(azurite.ConnectionString);
        Guid flow;
        Guid deployment;
        await using (var direct = await OpenAsync(azurite.ConnectionString))
        {
            await using var filling = Provide(direct);
            (flow, deployment) = await FillAsync(direct, filling, count);
        }

        await using var store = await OpenAsync(proxy.ConnectionString);
        await using var provider = Provide(store);
        await MeasureAsync(proxy, provider, flow, deployment);
    }

    private static async Task<AzureTableRowStore> OpenAsync(string connectionString) =>
        await AzureTableRowStore.OpenAsync(
            AzureStorageAccount.Create(AzureStorageOptions.Parse(connectionString)),
            options: null,
            TimeProvider.System,
            NullLogger.Instance
        );

    private static ServiceProvider Provide(IRowStore store)
    {
        ServiceCollection services = new();
        services.AddLogging(logging => logging.ClearProviders());
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(store);
        services.AddServerlessServer();
        return services.BuildServiceProvider();
    }

    private static async Task<(Guid Flow, Guid Deployment)> FillAsync(AzureTableRowStore store, ServiceProvider provider, int count)
    {
        List<Guid> flowIds = [];
        List<Guid> deploymentIds = [];
        for (var index = 0; index < Deployments; index++)
        {
            var name = $"flow-{index % Flows}";
            flowIds.Add((await provider.GetRequiredService<FlowService>().CreateAsync(new FlowCreate { Name = name })).Flow.Id);
            DeploymentSpec spec = new()
            {
                FlowName = name,
                Name = $"deployment-{index}",
                ParameterSchemaJson = "{}",
            };
            deploymentIds.Add((await provider.GetRequiredService<DeploymentService>().EnsureDeploymentAsync(spec)).Id);
        }

        var started = Stopwatch.GetTimestamp();
        RunFactory factory = new([.. flowIds.Distinct()], [.. deploymentIds], DateTimeOffset.UtcNow, hasColumns: false);
        foreach (var indexes in Enumerable.Range(0, count).Chunk(16))
        {
            await Task.WhenAll(indexes.Select(index => store.CommitAsync(factory.Commit(index, count)).AsTask()));
        }

        Console.WriteLine($"stored runs        {count:N0}, with task runs, in {Stopwatch.GetElapsedTime(started).TotalSeconds:N0} s");
        return (flowIds[0], deploymentIds[0]);
    }

    private static async Task MeasureAsync(CountingProxy proxy, ServiceProvider provider, Guid flow, Guid deployment)
    {
        var runs = provider.GetRequiredService<FlowRunService>();
        var taskRuns = provider.GetRequiredService<TaskRunService>();
        var counts = provider.GetRequiredService<RunCounts>();
        var now = DateTimeOffset.UtcNow;
        TimeFilter lastDay = new() { After = now.AddDays(-1) };
        FlowRunFilter failed = new() { State = new StateFilter { Type = new StateTypeFilter { Any = [StateType.Failed] } } };
        FlowRunFilter ended = new()
        {
            State = new StateFilter { Type = new StateTypeFilter { Any = [StateType.Failed, StateType.Crashed] } },
        };
        FlowRunFilter rare = new() { Tags = new TagFilter { Any = [RunFactory.RareTag] } };
        FlowFilter ofFlow = new() { Id = new IdFilter { Any = [flow] } };
        IdFilter ofDeployment = new() { Any = [deployment] };
        await ListAsync("newest expected start", new());
        await ListAsync("newest start", new() { Sort = FlowRunSort.StartTimeDesc });
        await ListAsync("failed, newest expected start", new() { FlowRuns = failed });
        await ListAsync("failed or crashed, newest expected start", new() { FlowRuns = ended });
        await ListAsync("failed, newest start", new() { FlowRuns = failed, Sort = FlowRunSort.StartTimeDesc });
        await ListAsync(
            "last day, newest start",
            new()
            {
                FlowRuns = new() { StartTime = lastDay },
                Sort = FlowRunSort.StartTimeDesc,
            }
        );
        await ListAsync(
            "of a deployment, by name",
            new()
            {
                FlowRuns = new() { DeploymentId = ofDeployment },
                Sort = FlowRunSort.NameAsc,
            }
        );
        await ListAsync("of a flow, failed", new() { FlowRuns = failed, Flows = ofFlow });
        await ListAsync("by a rare tag", new() { FlowRuns = rare });
        await MeasureAsync("count all", () => runs.CountAsync(new()));
        await MeasureAsync("count failed", () => runs.CountAsync(new() { FlowRuns = failed }));
        await MeasureAsync("count of a flow", () => runs.CountAsync(new() { Flows = ofFlow }));
        await MeasureAsync("count failed of the last day", () => runs.CountAsync(new() { FlowRuns = failed with { StartTime = lastDay } }));
        await MeasureAsync("count by a rare tag", () => runs.CountAsync(new() { FlowRuns = rare }));
        await MeasureAsync(
            "history of the last day",
            async () =>
                (
                    await counts.FlowRunHistoryAsync(
                        new()
                        {
                            HistoryStart = now.AddDays(-1),
                            HistoryEnd = now,
                            HistoryIntervalSeconds = 3600,
                        }
                    )
                ).Sum(interval => interval.States.Sum(state => state.CountRuns))
        );
        await MeasureAsync(
            "flows with failed runs",
            async () => await provider.GetRequiredService<FlowQueries>().CountAsync(new() { FlowRuns = failed })
        );
        TaskRunQuery tasks = new()
        {
            FlowRuns = new() { ExpectedStartTime = lastDay },
            TaskRuns = new() { State = new StateFilter { Type = new StateTypeFilter { Any = [StateType.Failed] } } },
        };
        await MeasureAsync("failed task runs of runs of the last day", () => taskRuns.CountAsync(tasks));

        Task ListAsync(string name, FlowRunQuery query)
        {
            var sorted = query.Sort == FlowRunSort.IdDesc ? query with { Sort = FlowRunSort.ExpectedStartTimeDesc } : query;
            return MeasureAsync($"list {name}", async () => (await runs.FilterAsync(sorted with { Limit = 20 })).Count);
        }

        async Task MeasureAsync(string name, Func<Task<int>> question)
        {
            await question();
            var before = proxy.Calls.Count;
            var started = Stopwatch.GetTimestamp();
            var answer = await question();
            var took = Stopwatch.GetElapsedTime(started);
            StorageBill bill = new(proxy.Calls.Skip(before));
            Console.WriteLine(
                $"{name, -45} {answer, 6:N0}  {bill.Tables, 6:N0} requests  {bill.EntitiesOf("runindex"), 6:N0} index rows  "
                    + $"{bill.Bytes / 1024.0, 8:N0} KiB  {took.TotalMilliseconds, 7:N0} ms"
            );
        }
    }
}
