using System.Diagnostics;
using Serverless.Testing;

namespace Serverless.Benchmarks;

/// <summary>Task runs a second in one <c>fan-out</c> of 10,000.</summary>
internal static class FanOutBenchmark
{
    public static async Task RunAsync(string folder)
    {
        const int tasks = 10_000;
        await using var host = await HostProcess.StartAsync(folder);
        ApiClient api = new(host.Client);
        var deployment = await api.DeploymentAsync("fan-out");
        await MeasureAsync(api, deployment, 2000);
        HostCost cost = HostCost.Start(host.Process);
        var took = await MeasureAsync(api, deployment, tasks);
        Console.WriteLine(
            $"fan-out            {tasks / took.TotalSeconds:N0} task runs/s (one run of {tasks:N0} in {took.TotalSeconds:N1} s; "
                + $"{cost.Of(tasks)})"
        );
        host.Process.Refresh();
        Console.WriteLine($"memory after it    {host.Process.WorkingSet64 / 1e6:N0} MB resident");
    }

    private static async Task<TimeSpan> MeasureAsync(ApiClient api, Guid deployment, int count)
    {
        var started = Stopwatch.GetTimestamp();
        var run = await api.CreateRunAsync(deployment, new { count });
        var state = (await api.WaitAsync(run, TimeSpan.FromMinutes(5)))["state_type"]!.GetValue<string>();
        return state == "COMPLETED"
            ? Stopwatch.GetElapsedTime(started)
            : throw new InvalidOperationException($"The fan-out ended {state}.");
    }
}
