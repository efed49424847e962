using Microsoft.Extensions.DependencyInjection;
using Serverless.Flows.Testing.Replay;
using Serverless.Functions.Histories;

namespace Serverless.Flows.Testing;

/// <summary>
/// Runs the present code of a flow against the history of an earlier run, as a process does with its open runs after a deployment. Nothing
/// is executed but the flow's own code: calls get their recorded results.
/// </summary>
public static class FlowReplay
{
    /// <summary>Checks that the present code of a flow takes the steps of a history: the same calls, in the same order.</summary>
    /// <param name="history">What <see cref="FlowTestRun.HistoryAsync"/> gave, or a host at <c>GET /api/flow_runs/{id}/history</c>: keep it
    /// in a file beside the tests.</param>
    /// <param name="flows">Registers the flow.</param>
    /// <param name="services">Registers what the classes of flows take in their constructors; null for nothing.</param>
    /// <returns>When it does.</returns>
    /// <exception cref="FlowTestException">It does not: open runs would crash, or get results of other calls. Names the first call that
    /// differs.</exception>
    /// <exception cref="ArgumentException">The text is not a history.</exception>
    public static async Task VerifyAsync(string history, Action<FlowRegistryBuilder> flows, Action<IServiceCollection>? services = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(history);
        var recorded = RecordedHistory.Read(history);
        await using var host = await FlowTestHost.StartAsync(flows, services);
        if (!host.Services.GetRequiredService<FlowRegistry>().TryGetFlow(recorded.Flow, out _))
        {
            throw new FlowTestException($"The history is of flow '{recorded.Flow}', which is not registered.");
        }

        if (await HistoryRuns.FindDifferenceAsync(await host.AliveAsync(), recorded) is { } difference)
        {
            throw new FlowTestException(
                $"Flow '{recorded.Flow}' does not go on with its open runs: {difference}. Make the change under a new name of the flow, or "
                    + "deploy it when no run is open."
            );
        }
    }
}
