using Microsoft.Azure.Functions.Worker;
using Serverless.Server.Runs;

namespace Serverless.Functions.FlowRuns;

/// <summary>Has what is left of a deleted run removed again, for an orchestration of it that started after the removal.</summary>
/// <param name="runs">The stored runs.</param>
public sealed class PurgeFlowRun(FlowRunService runs)
{
    /// <summary>The activity. The orchestration that calls it is removed too, by way of the outbox.</summary>
    [Function(nameof(PurgeFlowRun))]
    public async Task RunAsync([ActivityTrigger] FlowRunStart start, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(start);
        await runs.RequestPurgeAsync(start.FlowRunId, start.Generation, cancellationToken);
    }
}
