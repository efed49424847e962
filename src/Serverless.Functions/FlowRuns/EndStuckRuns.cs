using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Services;
using Serverless.Server.Runs;
using Serverless.Server.Services;

namespace Serverless.Functions.FlowRuns;

/// <summary>Ends runs of remote clients that were Cancelling or Pending for too long.</summary>
/// <param name="services">Remembers how the run went.</param>
/// <param name="deadlines">Does it.</param>
public sealed class EndStuckRuns(ServiceRuns services, RunDeadlines deadlines)
{
    /// <summary>The timer trigger: bounded work, which the next run continues.</summary>
    [Function(nameof(EndStuckRuns))]
    public Task RunAsync([TimerTrigger("%FlowRunSweepSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        services.RunAsync(
            nameof(EndStuckRuns),
            timer,
            async token => ServiceOutcome.Of(await deadlines.EndStuckAsync(token), "ended", "runs"),
            cancellationToken
        );
}
