using System.Diagnostics;
using System.Text.Json.Nodes;
using Serverless.Testing;

namespace Serverless.Benchmarks;

/// <summary>Create to Completed of one <c>hello</c> at a time, as a client sees it that polls without pause.</summary>
internal static class LatencyBenchmark
{
    private const int WarmUp = 300;
    private const int Runs = 1000;

    public static async Task RunAsync(string folder)
    {
        await using var host = await HostProcess.StartAsync(folder);
        ApiClient api = new(host.Client);
        var deployment = await api.DeploymentAsync("hello");
        List<double> milliseconds = [];
        for (var i = 0; i < WarmUp + Runs; i++)
        {
            var started = Stopwatch.GetTimestamp();
            var run = await api.CreateRunAsync(deployment, new { name = "you" });
            JsonNode shown;
            do
            {
                shown = await api.RunAsync(run);
            } while (shown["state_type"]!.GetValue<string>() != "COMPLETED");

            if (i >= WarmUp)
            {
                milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        }

        milliseconds.Sort();
        Console.WriteLine(
            $"create → Completed p50 {milliseconds[Runs / 2]:N1} ms, p99 {milliseconds[Runs * 99 / 100]:N1} ms of {Runs} hello runs, one "
                + "at a time"
        );
    }
}
