using Microsoft.Azure.Functions.Worker;
using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Functions.FlowRuns;

/// <summary>Cancels the subflow run of a run that is being stopped; its own orchestration hears of it through the outbox.</summary>
/// <param name="control">What people use to cancel a run.</param>
public sealed class CancelFlowRun(FlowRunControl control)
{
    /// <summary>The activity; false when the run is gone or ended already.</summary>
    [Function(nameof(CancelFlowRun))]
    public async Task<bool> RunAsync([ActivityTrigger] Guid flowRunId, CancellationToken cancellationToken)
    {
        OrchestrationResult? answer = await control.CancelAsync(flowRunId, "The parent run was stopped.", cancellationToken);
        return answer?.State is { } state && !state.Type.IsFinal();
    }
}
