using Microsoft.Azure.Functions.Worker;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Functions.FlowRuns;

/// <summary>Settles a pause that seems to have ended: resumed, out of time, or paused still.</summary>
/// <param name="runs">The stored runs.</param>
/// <param name="gate">The only writer of states; it fails a run whose pause is out of time.</param>
/// <param name="inputs">The run's inputs.</param>
/// <param name="time">The clock that the pause's end is compared with.</param>
public sealed class ResumeFlowRun(FlowRunService runs, RunGate gate, RunInputs inputs, TimeProvider time)
{
    /// <summary>The activity. Repeating it finds the run resumed.</summary>
    [Function(nameof(ResumeFlowRun))]
    public async Task<PauseResult> RunAsync([ActivityTrigger] ResumeFlowRunInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        Guid flowRunId = input.Start.FlowRunId;
        while (true)
        {
            FlowRun? run = await runs.GetAsync(flowRunId, cancellationToken);
            if (run?.State is not { } state)
            {
                return new PauseResult(PauseKind.Refused, Reason: "The run was deleted.");
            }

            switch (state.Type)
            {
                case StateType.Running:
                    return new PauseResult(PauseKind.Resumed, await ReadInputAsync(flowRunId, input.PauseKey, cancellationToken));
                case StateType.Paused when state.StateDetails.PauseTimeout is not { } until || until > time.GetUtcNow():
                    return new PauseResult(PauseKind.Paused, Until: state.StateDetails.PauseTimeout);
                case StateType.Paused or StateType.Scheduled or StateType.Pending:
                    // A suspended run comes back by way of Scheduled. For a pause that is out of time the gate answers with Failed.
                    await gate.ProposeFlowRunStatesAsync(
                        flowRunId,
                        state.Type == StateType.Scheduled ? [ProposedStates.Pending(), ProposedStates.Running()] : [ProposedStates.Running()],
                        TransitionOrigin.Orchestrator,
                        generation: input.Start.Generation,
                        cancellationToken: cancellationToken);
                    break;
                case StateType.Failed:
                    return new PauseResult(PauseKind.TimedOut, Reason: state.Message);
                default:
                    return new PauseResult(PauseKind.Refused, Reason: $"The run is {state.Name}.");
            }
        }
    }

    private async Task<string?> ReadInputAsync(Guid flowRunId, string? pauseKey, CancellationToken cancellationToken) =>
        pauseKey is null ? null : await inputs.GetAsync(flowRunId, PauseKeys.Keyset(pauseKey, withDescription: false)[PauseKeys.Response], cancellationToken);
}
