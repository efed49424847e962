using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Functions.FlowRuns;

/// <summary>What becomes of a run that its orchestration cannot move on, because the gate refuses each further step for good.</summary>
internal static class GateRefusals
{
    /// <summary>
    /// Ends the run as Crashed with the gate's reason, such as a concurrency limit of 0. Nobody else would move it. Afterwards the run
    /// is to be looked at again: somebody may have changed it meanwhile.
    /// </summary>
    public static Task EndAsync(RunGate gate, FlowRunStart start, FlowRun run, string? reason, CancellationToken cancellationToken) =>
        gate.ProposeFlowRunStateAsync(
            start.FlowRunId,
            ProposedStates.Crashed(reason),
            TransitionOrigin.Orchestrator,
            FlowRunBasis.StateOf(run),
            force: true,
            cancellationToken: cancellationToken
        );
}
