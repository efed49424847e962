using System.Diagnostics;
using Serverless.Testing;

namespace Serverless.Benchmarks;

/// <summary>After SIGKILL with 10,000 open runs: start to ready, and to the end of a new run.</summary>
internal static class RecoveryBenchmark
{
    public static async Task RunAsync(string folder)
    {
        const int runs = 10_000;
        await using (var host = await HostProcess.StartAsync(folder))
        {
            ApiClient api = new(host.Client);
            var sleepy = await api.DeploymentAsync("sleepy");
            await Parallel.ForEachAsync(
                Enumerable.Range(0, runs),
                new ParallelOptions { MaxDegreeOfParallelism = 64 },
                async (_, _) => await api.CreateRunAsync(sleepy, new { seconds = 3600 })
            );
            while (
                (
                    await api.PostAsync(
                        "/api/flow_runs/count",
                        new { flow_runs = new { state = new { type = new { any_ = new[] { "RUNNING" } } } } }
                    )
                ).GetValue<int>() < runs
            )
            {
                await Task.Delay(100);
            }

            await host.KillAsync();
        }

        var started = Stopwatch.GetTimestamp();
        await using var again = await HostProcess.StartAsync(folder);
        var ready = Stopwatch.GetElapsedTime(started);
        ApiClient client = new(again.Client);
        var hello = await client.CreateRunAsync(await client.DeploymentAsync("hello"), new { name = "again" });
        await client.WaitAsync(hello, TimeSpan.FromMinutes(2));
        var worked = Stopwatch.GetElapsedTime(started);
        again.Process.Refresh();
        Console.WriteLine(
            $"recovery           {runs:N0} open runs: ready after {ready.TotalSeconds:N2} s, a new run Completed after "
                + $"{worked.TotalSeconds:N2} s, {again.Process.WorkingSet64 / 1e6:N0} MB resident"
        );
    }
}
