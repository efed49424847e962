using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Serverless.Testing;

namespace Serverless.Benchmarks.Schedules;

/// <summary>A schedule of every second for a minute on the real host: how late its runs start, and that each time has its run.</summary>
internal static class TickBenchmark
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(string folder, int kills)
    {
        var port = HostProcess.FreePort();
        var host = await HostProcess.StartAsync(folder, port);
        try
        {
            ApiClient api = new(host.Client);
            var flow = (await api.GetAsync("/api/deployments/name/hello/default"))["flow_id"]!.GetValue<string>();
            var deployment = await api.PostAsync(
                "/api/deployments/",
                new
                {
                    name = "every-second",
                    flow_id = flow,
                    schedules = new[] { new { schedule = new { interval = 1, anchor_date = "2026-01-01T00:00:00Z" } } },
                }
            );
            var from = DateTimeOffset.UtcNow.AddSeconds(2);
            var watch = Stopwatch.StartNew();
            for (var kill = 1; kill <= kills; kill++)
            {
                await Task.Delay((Length * kill / (kills + 1)) - watch.Elapsed);
                await host.DisposeAsync();
                host = await HostProcess.StartAsync(folder, port);
            }

            await Task.Delay(Length - watch.Elapsed);
            var to = DateTimeOffset.UtcNow.AddSeconds(-2);
            Print(await RunsAsync(new ApiClient(host.Client), deployment["id"]!.GetValue<string>(), from, to), from, to, kills);
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    private static async Task<List<JsonNode>> RunsAsync(ApiClient api, string deployment, DateTimeOffset from, DateTimeOffset to)
    {
        while (true)
        {
            var runs = (
                await api.PostAsync(
                    "/api/flow_runs/filter",
                    new
                    {
                        flow_runs = new
                        {
                            deployment_id = new { any_ = new[] { deployment } },
                            expected_start_time = new { after_ = from, before_ = to },
                        },
                        sort = "EXPECTED_START_TIME_ASC",
                        limit = 200,
                    }
                )
            ).AsArray().Select(run => run!).ToList();
            if (runs.TrueForAll(run => run["state_type"]!.GetValue<string>() is "COMPLETED" or "FAILED" or "CRASHED" or "CANCELLED"))
            {
                return runs;
            }

            await Task.Delay(50);
        }
    }

    private static void Print(List<JsonNode> runs, DateTimeOffset from, DateTimeOffset to, int kills)
    {
        var seconds = runs.Select(run => Time(run, "expected_start_time").ToUnixTimeSeconds()).ToList();
        var first = from.ToUnixTimeSeconds() + 1;
        var slots = (int)(to.ToUnixTimeSeconds() - first) + 1;
        var isWhole =
            seconds.SequenceEqual(Enumerable.Range(0, slots).Select(n => first + n))
            && runs.TrueForAll(run => run["state_type"]!.GetValue<string>() == "COMPLETED");
        var late = runs.Select(run => (Time(run, "start_time") - Time(run, "expected_start_time")).TotalMilliseconds).Order().ToList();
        Console.WriteLine(
            $"every second       {runs.Count} runs of {slots} times, {kills} kills: "
                + (isWhole ? "each time exactly once" : "NOT EACH TIME ONCE")
                + $"; start after the time p50 {late[late.Count / 2]:N0} ms, p99 {late[late.Count * 99 / 100]:N0} ms"
        );
        if (!isWhole)
        {
            throw new InvalidOperationException("A time has no run, or more than one, or a run that did not complete.");
        }
    }

    private static DateTimeOffset Time(JsonNode run, string member) =>
        DateTimeOffset.Parse(run[member]!.GetValue<string>(), CultureInfo.InvariantCulture);
}
