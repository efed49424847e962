using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Functions.FlowRuns;

/// <summary>Ends a run that its orchestration cannot move on, because the gate refuses each further step for good.</summary>
internal static class GateRefusals
{
    /// <summary>
    /// Ends the run as Crashed with the gate's reason, such as a concurrency limit of 0, if the answer left the run in its state: nobody
    /// else would move it. Read the run again afterwards: somebody may have changed it meanwhile.
    /// </summary>
    /// <param name="gate">The only writer of states.</param>
    /// <param name="start">The orchestration's run.</param>
    /// <param name="run">The run as it was when the step was proposed.</param>
    /// <param name="answer">The gate's answer to the step.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task EndIfRefusedAsync(
        RunGate gate,
        FlowRunStart start,
        FlowRun run,
        GateAnswer answer,
        CancellationToken cancellationToken
    )
    {
        var isRefused = answer switch
        {
            GateAnswer.Aborted => true,
            GateAnswer.Rejected => answer.State?.Id == run.State?.Id,
            // Superseded: another orchestration drives the run now, and the next look says so.
            _ => false,
        };
        if (isRefused)
        {
            await gate.ProposeFlowRunStateAsync(
                start.FlowRunId,
                ProposedStates.Crashed(answer.Reason),
                TransitionOrigin.Orchestrator,
                FlowRunBasis.StateOf(run),
                force: true,
                cancellationToken: cancellationToken
            );
        }
    }
}
