using Serverless.Benchmarks;
using Serverless.Benchmarks.Cost;
using Serverless.Benchmarks.Engines;
using Serverless.Benchmarks.Pages;
using Serverless.Benchmarks.Queries;
using Serverless.Benchmarks.Schedules;
using Serverless.Benchmarks.Torture;

// dotnet run --project tests/Serverless.Benchmarks -c Release [-- name ...], or [-- torture [minutes] [seed]]
if (args is [TortureCommand.Name, .. var rest])
{
    return await TortureCommand.RunAsync(rest);
}

(string Name, Func<string, Task> Run)[] all =
[
    ("startup", StartupBenchmark.RunAsync),
    ("latency", LatencyBenchmark.RunAsync),
    ("hello", HelloBenchmark.RunAsync),
    ("fan-out", FanOutBenchmark.RunAsync),
    ("chains", ChainsBenchmark.RunAsync),
    ("limits", LimitsBenchmark.RunAsync),
    ("passes", PassBenchmark.RunAsync),
    ("schedules", SchedulesBenchmark.RunAsync),
    ("queries", QueriesBenchmark.RunAsync),
    ("page", PageBenchmark.RunAsync),
    ("account-queries", AccountQueriesBenchmark.RunAsync),
    ("recovery", RecoveryBenchmark.RunAsync),
    ("gate", GateBenchmark.RunAsync),
    ("engines", EnginesBenchmark.RunAsync),
    ("cost", CostBenchmark.RunAsync),
];

foreach (var unknown in args.Except(all.Select(benchmark => benchmark.Name)))
{
    Console.Error.WriteLine($"There is no benchmark '{unknown}'; there are {string.Join(", ", all.Select(benchmark => benchmark.Name))}.");
    return 1;
}

foreach ((var name, var run) in all.Where(benchmark => args.Length == 0 || args.Contains(benchmark.Name)))
{
    var folder = Directory.CreateTempSubdirectory($"serverless-{name}-").FullName;
    try
    {
        Console.WriteLine($"## {name}  (this disk: {FsyncProbe.Measure(folder):N0} fsync/s of 4 KiB)");
        await run(folder);
    }
    finally
    {
        Directory.Delete(folder, recursive: true);
    }
}

return 0;
