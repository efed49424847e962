using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serverless.Core.Models;
using Serverless.Server;
using Serverless.Server.Deployments;
using Serverless.Server.Deployments.Scheduling;
using Serverless.Server.Flows;
using Serverless.Server.Runs;
using Serverless.Storage;
using Serverless.Storage.Sqlite;
using Serverless.Testing;

namespace Serverless.Benchmarks.Schedules;

/// <summary>
/// Passes of the scheduler on SQLite at full durability, without a host around it, and with a clock that jumps: 10,000 deployments with a
/// daily schedule each, and a store full of runs.
/// </summary>
internal static class PassBenchmark
{
    private const int Schedules = 10_000;
    private const int AtOnce = 64;

    public static async Task RunAsync(string folder)
    {
        var stored = int.TryParse(Environment.GetEnvironmentVariable("SERVERLESS_BENCHMARK_RUNS"), out var given) ? given : 100_000;
        Directory.CreateDirectory(folder);
        await using var store = SqliteRowStore.Open(
            new SqliteRowStoreOptions { Path = Path.Combine(folder, "rows.db"), Durability = SqliteDurability.Full }
        );
        ManualTimeProvider time = new();
        time.Advance(TimeSpan.FromSeconds(10));
        ServiceCollection services = new();
        services.AddLogging(logging => logging.ClearProviders());
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton<IRowStore>(store);
        services.AddServerlessServer();
        await using var provider = services.BuildServiceProvider();
        var flow = (await provider.GetRequiredService<FlowService>().CreateAsync(new FlowCreate { Name = "hello" })).Flow;
        var runs = provider.GetRequiredService<FlowRunService>();
        var filled = await TimeAsync(Enumerable.Range(0, stored), _ => runs.CreateAsync(new FlowRunCreate { FlowId = flow.Id }));
        Console.WriteLine($"stored runs        {stored:N0} in {filled.TotalSeconds:N0} s");

        provider.GetRequiredService<RegisteredFlows>().Add(new RegisteredFlow(flow.Id, flow.Name, FlowRunPolicy.Empty));
        var control = provider.GetRequiredService<DeploymentControl>();
        var schedule = JsonSerializer.SerializeToElement(new { cron = "0 2 * * *" });
        var created = await TimeAsync(
            Enumerable.Range(0, Schedules),
            n =>
                control.CreateAsync(
                    new DeploymentCreate
                    {
                        Name = $"d{n}",
                        FlowId = flow.Id,
                        Schedules = [new DeploymentScheduleCreate { Schedule = schedule, MaxScheduledRuns = 1 }],
                    }
                )
        );
        Console.WriteLine($"deployments        {Schedules:N0} with a schedule and its first run each in {created.TotalSeconds:N1} s");

        var scheduler = provider.GetRequiredService<DeploymentScheduler>();
        await scheduler.RunAsync();
        List<double> idle = [];
        for (var pass = 0; pass < 50; pass++)
        {
            var started = Stopwatch.GetTimestamp();
            await scheduler.RunAsync();
            idle.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        idle.Sort();
        Console.WriteLine($"nothing to add     {idle[idle.Count / 2]:N2} ms a pass (at most {idle[^1]:N1} ms)");
        for (var day = 0; day < 3; day++)
        {
            time.Advance(TimeSpan.FromDays(1));
            var groups = store.GetStatistics().Groups;
            var processor = Environment.CpuUsage.TotalTime;
            var started = Stopwatch.GetTimestamp();
            var added = await scheduler.RunAsync();
            var took = Stopwatch.GetElapsedTime(started);
            processor = Environment.CpuUsage.TotalTime - processor;
            Console.WriteLine(
                $"all due            {added:N0} runs added in {took.TotalSeconds:N2} s, {processor.TotalMicroseconds / added:N0} µs of "
                    + $"processor time each, {store.GetStatistics().Groups - groups:N0} transactions"
            );
        }
    }

    private static async Task<TimeSpan> TimeAsync<T>(IEnumerable<int> items, Func<int, Task<T>> action)
    {
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (item, _) => await action(item));
        return Stopwatch.GetElapsedTime(started);
    }
}
