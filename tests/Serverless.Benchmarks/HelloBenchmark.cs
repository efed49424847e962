using Serverless.Testing;

namespace Serverless.Benchmarks;

/// <summary><c>hello</c> runs a second with 64 in flight.</summary>
internal static class HelloBenchmark
{
    public static async Task RunAsync(string folder)
    {
        const int runs = 5000;
        await using var host = await HostProcess.StartAsync(folder);
        ApiClient api = new(host.Client);
        var deployment = await api.DeploymentAsync("hello");
        await InFlight.RunAsync(api, deployment, new { name = "you" }, 3000, 64);
        HostCost cost = HostCost.Start(host.Process);
        var took = await InFlight.RunAsync(api, deployment, new { name = "you" }, runs, 64);
        Console.WriteLine(
            $"hello              {runs / took.TotalSeconds:N0} runs/s, 64 in flight ({runs} runs in {took.TotalSeconds:N1} s; "
                + $"{cost.Of(runs)})"
        );
    }
}
