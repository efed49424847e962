using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Services;
using Serverless.Server.Runs;
using Serverless.Server.Services;

namespace Serverless.Functions.FlowRuns;

/// <summary>Fails paused runs of remote clients that nobody resumed in time.</summary>
/// <param name="services">Remembers how the run went.</param>
/// <param name="deadlines">Does it.</param>
public sealed class FailExpiredPauses(ServiceRuns services, RunDeadlines deadlines)
{
    /// <summary>The timer trigger: bounded work, which the next run continues.</summary>
    [Function(nameof(FailExpiredPauses))]
    public Task RunAsync([TimerTrigger("%DueRunSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        services.RunAsync(
            nameof(FailExpiredPauses),
            timer,
            async token => ServiceOutcome.Of(await deadlines.FailExpiredPausesAsync(token), "failed", "runs"),
            cancellationToken
        );
}
