using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Services;
using Serverless.Server.Heartbeats;
using Serverless.Server.Services;

namespace Serverless.Functions.FlowRuns;

/// <summary>Ends runs whose client has stopped sending heartbeats.</summary>
/// <param name="services">Remembers how the run went.</param>
/// <param name="heartbeats">Does it.</param>
public sealed class EndZombieRuns(ServiceRuns services, FlowRunHeartbeats heartbeats)
{
    /// <summary>The timer trigger: bounded work, which the next run continues.</summary>
    [Function(nameof(EndZombieRuns))]
    public Task RunAsync([TimerTrigger("%FlowRunSweepSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        services.RunAsync(
            nameof(EndZombieRuns),
            timer,
            async token => ServiceOutcome.Of(await heartbeats.EndZombiesAsync(token), "ended", "runs"),
            cancellationToken
        );
}
