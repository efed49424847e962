using Serverless.Testing;

namespace Serverless.Benchmarks;

/// <summary>Task runs a second in 200 concurrent <c>chain</c> runs of 50.</summary>
internal static class ChainsBenchmark
{
    public static async Task RunAsync(string folder)
    {
        const int chains = 200;
        const int length = 50;
        await using var host = await HostProcess.StartAsync(folder);
        ApiClient api = new(host.Client);
        var deployment = await api.DeploymentAsync("chain");
        await InFlight.RunAsync(api, deployment, new { length = 10 }, chains, chains);
        HostCost cost = HostCost.Start(host.Process);
        var took = await InFlight.RunAsync(api, deployment, new { length }, chains, chains);
        Console.WriteLine(
            $"chains             {chains * length / took.TotalSeconds:N0} task runs/s ({chains} concurrent chains of {length} in "
                + $"{took.TotalSeconds:N1} s; {cost.Of(chains * length)})"
        );
    }
}
