using Microsoft.Azure.Functions.Worker;
using Serverless.Core.States;
using Serverless.Server.Runs;
using Serverless.Server.Runs.Writing;

namespace Serverless.Functions.FlowRuns;

/// <summary>Settles a pause that seems to have ended: resumed, out of time, or paused still.</summary>
/// <param name="runs">The stored runs.</param>
/// <param name="gate">The only writer of states; it fails a run whose pause is out of time.</param>
/// <param name="retry">Looks again when somebody else was faster.</param>
/// <param name="time">The clock that the pause's end is compared with.</param>
public sealed class ResumeFlowRun(FlowRunService runs, RunGate gate, CommitRetry retry, TimeProvider time)
{
    /// <summary>The activity. Repeating it finds the run resumed.</summary>
    [Function(nameof(ResumeFlowRun))]
    public async Task<PauseResult> RunAsync([ActivityTrigger] FlowRunStart start, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(start);
        FlowRunSnapshot? known = null;
        return await retry.RunAsync<PauseResult>(
            async token =>
            {
                known ??= await runs.ReadAsync(start.FlowRunId, token);
                if (known is not { Run: { State: { } state } run })
                {
                    return new PauseResult(PauseKind.Ended, Reason: "The run was deleted.");
                }

                if (known.Generation != start.Generation)
                {
                    return new PauseResult(PauseKind.Ended, Reason: "The run was started again.");
                }

                switch (state.Type)
                {
                    case StateType.Running:
                    case StateType.Scheduled when state.Name == StateNames.AwaitingRetry:
                        // Or the attempt has ended since: the next one is started when it is due, not by this one.
                        return new PauseResult(PauseKind.Resumed);
                    case StateType.Paused when Pauses.EndOf(state) is var end && (end is null || end > time.GetUtcNow()):
                        return new PauseResult(PauseKind.Paused, Until: end);
                    case StateType.Scheduled
                        when state.Name != StateNames.AwaitingConcurrencySlot
                            && state.StateDetails.ScheduledTime is { } due
                            && due > time.GetUtcNow():
                        return new PauseResult(PauseKind.Paused, Until: due);
                    case StateType.Paused or StateType.Scheduled or StateType.Pending:
                        break;
                    case StateType.Failed:
                        return new PauseResult(PauseKind.TimedOut, Reason: state.Message);
                    default:
                        return new PauseResult(PauseKind.Ended, Reason: state.Message ?? $"The run is {state.Name}.");
                }

                // A suspended run comes back by way of Scheduled. For a pause that is out of time the gate answers with Failed.
                (var answer, known) = await gate.ProposeFlowRunStatesAsync(
                    known,
                    state.Type == StateType.Scheduled ? [ProposedStates.Pending(), ProposedStates.Running()] : [ProposedStates.Running()],
                    start.Generation,
                    cancellationToken: token
                );
                if (answer is GateAnswer.Waits wait)
                {
                    return new PauseResult(PauseKind.Paused, Until: time.GetUtcNow().AddSeconds(Math.Max(wait.DelaySeconds, 1)));
                }

                await GateRefusals.EndIfRefusedAsync(gate, start, run, answer, token);
                return default;
            },
            cancellationToken
        );
    }
}
