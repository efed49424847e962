using Microsoft.Azure.Functions.Worker;
using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Functions.FlowRuns;

/// <summary>Cancels the subflow run of a run that is being stopped; its own orchestration hears of it through the outbox.</summary>
/// <param name="control">What people use to cancel a run.</param>
public sealed class CancelFlowRun(FlowRunControl control)
{
    /// <summary>
    /// The activity; false when the run is gone or ended already, or was started again since: that is not the parent's any more.
    /// </summary>
    [Function(nameof(CancelFlowRun))]
    public async Task<bool> RunAsync([ActivityTrigger] FlowRunStart start, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(start);
        var answer = await control.CancelAsync(start.FlowRunId, "The parent run was stopped.", start.Generation, cancellationToken);
        return answer is not GateAnswer.Superseded && answer.State is { } state && !state.Type.IsFinal();
    }
}
