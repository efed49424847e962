using System.Collections.Concurrent;
using System.Diagnostics;
using Serverless.Testing;

namespace Serverless.Benchmarks.Queries;

/// <summary>What clients write that run their flows themselves, as Prefect's does: flow runs and their states, over HTTP.</summary>
internal static class ClientWrites
{
    private const int Connections = 16;
    private const int Runs = 4000;

    /// <summary>So many of each until the code of a new process is compiled as far as it ever is.</summary>
    private const int Warmup = 8000;

    private static readonly string[] States = ["PENDING", "RUNNING", "COMPLETED"];

    /// <summary>Measures on a data folder that may have runs already.</summary>
    public static async Task RunAsync(string data)
    {
        await using var host = await HostProcess.StartAsync(data);
        ApiClient api = new(host.Client);
        var flow = (await api.PostAsync("/api/flows/", new { name = "of-a-client" }))["id"]!.GetValue<Guid>();
        var warm = await CallAsync(host, Enumerable.Range(0, Warmup), _ => CreateAsync(), null);
        foreach (var state in States)
        {
            await CallAsync(host, warm, run => SetAsync(run, state), null);
        }

        var runs = await CallAsync(host, Enumerable.Range(0, Runs), _ => CreateAsync(), "create");
        foreach (var state in States)
        {
            await CallAsync(host, runs, run => SetAsync(run, state), $"set_state {state}");
        }

        async Task<Guid> CreateAsync() =>
            (await api.PostAsync("/api/flow_runs/", new { flow_id = flow, state = new { type = "SCHEDULED" } }))["id"]!.GetValue<Guid>();
        async Task<Guid> SetAsync(Guid run, string state)
        {
            var answer = await api.PostAsync($"/api/flow_runs/{run}/set_state", new { state = new { type = state } });
            return answer["status"]!.GetValue<string>() == "ACCEPT"
                ? run
                : throw new InvalidOperationException($"A state was not accepted: {answer}");
        }
    }

    private static async Task<IReadOnlyList<Guid>> CallAsync<T>(
        HostProcess host,
        IEnumerable<T> items,
        Func<T, Task<Guid>> call,
        string? name
    )
    {
        var cost = HostCost.Start(host.Process);
        var load = HostCost.Start(Process.GetCurrentProcess());
        ConcurrentBag<Guid> answers = [];
        ConcurrentBag<double> times = [];
        var start = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            items,
            new ParallelOptions { MaxDegreeOfParallelism = Connections },
            async (item, _) =>
            {
                var started = Stopwatch.GetTimestamp();
                answers.Add(await call(item));
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        );
        if (name is not null)
        {
            double[] sorted = [.. times.Order()];
            var (p50, p99) = (sorted[sorted.Length / 2], sorted[sorted.Length * 99 / 100]);
            Console.WriteLine(
                $"{name, -30} {sorted.Length / Stopwatch.GetElapsedTime(start).TotalSeconds, 8:N0}/s   p50 {p50, 8:N2} ms   "
                    + $"p99 {p99, 8:N2} ms   {Connections} connections, {cost.Of(sorted.Length)}; "
                    + $"of the load generator {load.Of(sorted.Length)}"
            );
        }

        return [.. answers];
    }
}
