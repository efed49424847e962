using Microsoft.Azure.Functions.Worker;
using Serverless.Core.States;
using Serverless.Functions.Engine;
using Serverless.Server.Runs;
using Serverless.Server.Runs.Writing;

namespace Serverless.Functions.FlowRuns;

/// <summary>Resumes a run whose own code does not want to wait any more.</summary>
/// <param name="runs">The stored runs.</param>
/// <param name="gate">The only writer of states.</param>
/// <param name="retry">Looks again when somebody else was faster.</param>
public sealed class WithdrawPause(FlowRunService runs, RunGate gate, CommitRetry retry)
{
    /// <summary>
    /// The activity; true when the run is not in that pause any more, false when somebody else holds it paused. Repeating it finds the run
    /// resumed.
    /// </summary>
    [Function(nameof(WithdrawPause))]
    public async Task<Answered<bool>> RunAsync([ActivityTrigger] Asked<WithdrawPauseInput> asked, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asked);
        return asked.Answer(await WithdrawAsync(asked.Input, cancellationToken));
    }

    private async Task<bool> WithdrawAsync(WithdrawPauseInput input, CancellationToken cancellationToken)
    {
        var start = input.Start;
        FlowRunSnapshot? known = null;
        return await retry.RunAsync<bool>(
            async token =>
            {
                known ??= await runs.ReadAsync(start.FlowRunId, token);
                if (
                    known is not { Run: { State: { Type: StateType.Paused } state } run }
                    || known.Generation != start.Generation
                    || run.RunCount != input.RunCount
                )
                {
                    return true;
                }

                if (state.StateDetails.PauseKey != input.Key)
                {
                    return false;
                }

                // A suspended run comes back by way of Scheduled. A pause that is out of time the gate answers with Failed.
                (var answer, known) = await gate.ProposeFlowRunStatesAsync(
                    known,
                    state.StateDetails.PauseReschedule
                        ? [ProposedStates.Resuming(), ProposedStates.Pending(), ProposedStates.Running()]
                        : [ProposedStates.Running()],
                    start.Generation,
                    cancellationToken: token
                );
                if (answer is GateAnswer.Waits)
                {
                    // It is due when a slot is free; the orchestration looks, as after any other resume.
                    return true;
                }

                await GateRefusals.EndIfRefusedAsync(gate, start, run, answer, token);
                return default;
            },
            cancellationToken
        );
    }
}
