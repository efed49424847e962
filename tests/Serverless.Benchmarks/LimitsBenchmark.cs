using System.Diagnostics;
using Serverless.Testing;

namespace Serverless.Benchmarks;

/// <summary>
/// How close runs and tasks that wait for slots of a limit come to the ideal, in which a slot is never free while somebody waits.
/// </summary>
internal static class LimitsBenchmark
{
    public static async Task RunAsync(string folder)
    {
        await using var host = await HostProcess.StartAsync(folder);
        ApiClient api = new(host.Client);
        await InFlight.RunAsync(api, await api.DeploymentAsync("hello"), new { name = "warm-up" }, 100, 10);

        var sleepy = await api.DeploymentAsync("sleepy");
        await LimitAsync(api, $"deployment:{sleepy}", 2);
        Report("deployment limit 2, 20 runs of 0.5 s", 5, await InFlight.RunAsync(api, sleepy, new { seconds = 0.5 }, 20, 20));
        Report("deployment limit 2, 200 runs of 0.1 s", 10, await InFlight.RunAsync(api, sleepy, new { seconds = 0.1 }, 200, 200));

        await LimitAsync(api, "tag:fan-out", 4);
        var fanOut = await api.DeploymentAsync("fan-out");
        Report(
            "tag limit 4, a map of 40 tasks of 0.2 s",
            2,
            await InFlight.RunAsync(api, fanOut, new { count = 40, task_milliseconds = 200 }, 1, 1)
        );
        Report(
            "tag limit 4, a map of 1,000 tasks of 50 ms",
            12.5,
            await InFlight.RunAsync(api, fanOut, new { count = 1000, task_milliseconds = 50 }, 1, 1)
        );
        Report(
            "tag limit 4, 10 maps of 40 tasks of 50 ms",
            5,
            await InFlight.RunAsync(api, fanOut, new { count = 40, task_milliseconds = 50 }, 10, 10)
        );

        var hello = await api.DeploymentAsync("hello");
        await LimitAsync(api, $"deployment:{hello}", 4);
        var waited = await InFlight.RunAsync(api, hello, new { name = "you" }, 10_000, 10_000);
        Console.WriteLine(
            $"{"deployment limit 4, 10,000 hello runs at once", -46} {waited.TotalSeconds, 6:N1} s, {10_000 / waited.TotalSeconds:N0} "
                + "runs/s"
        );
    }

    private static async Task LimitAsync(ApiClient api, string name, int limit) =>
        await api.PostAsync("/api/v2/concurrency_limits/", new { name, limit });

    private static void Report(string what, double ideal, TimeSpan took) =>
        Console.WriteLine($"{what, -46} {took.TotalSeconds, 6:N2} s, ideal {ideal:N1} s: ratio {took.TotalSeconds / ideal:N2}");
}
