using Microsoft.Azure.Functions.Worker;
using Serverless.Core.States;
using Serverless.Functions.Engine;
using Serverless.Functions.TaskRuns;
using Serverless.Server.Logs;
using Serverless.Server.Runs;
using Serverless.Server.Runs.Writing;

namespace Serverless.Functions.FlowRuns;

/// <summary>Proposes how a run ended, and says whether that is final or a retry follows.</summary>
/// <param name="runs">The stored runs.</param>
/// <param name="gate">The only writer of states.</param>
/// <param name="retry">Looks again when somebody else was faster.</param>
/// <param name="logs">The run's log, which is complete before the run is final.</param>
/// <param name="running">The run's tasks that still run here.</param>
public sealed class FinishFlowRun(FlowRunService runs, RunGate gate, CommitRetry retry, RunLogs logs, RunningTaskRuns running)
{
    /// <summary>The activity. Repeating it after a crash gives the same answer and writes no state twice.</summary>
    [Function(nameof(FinishFlowRun))]
    public async Task<FinishFlowRunResult> RunAsync([ActivityTrigger] FinishFlowRunInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var start = input.Start;
        await logs.FlushAsync(start.FlowRunId, cancellationToken);
        FlowRunSnapshot? known = null;
        ProposedState? refusal = null;
        return await retry.RunAsync<FinishFlowRunResult>(
            async token =>
            {
                known ??= await runs.ReadAsync(start.FlowRunId, token);
                if (known is not { Run: { State: { } state } run })
                {
                    return new FinishFlowRunResult(Outcomes.Deleted(start.FlowRunId));
                }

                if (known.Generation != start.Generation || run.RunCount != input.RunCount)
                {
                    return new FinishFlowRunResult(Outcomes.Superseded(run.Id));
                }

                var goesOn = !input.Type.IsFinal() && input.Details?.TransitionId == state.StateDetails.TransitionId;
                if (state.Name == StateNames.AwaitingRetry || goesOn)
                {
                    // The gate put a retry in the failure's place, or the body asked to be run again.
                    return new FinishFlowRunResult(Outcomes.Of(run.Id, state), state.StateDetails.ScheduledTime ?? state.Timestamp);
                }

                if (input.IfRunning && state.Type != StateType.Running)
                {
                    return new FinishFlowRunResult(Outcome: null);
                }

                if (state.Type.IsFinal())
                {
                    var result = await runs.GetResultAsync(run.Id, token);
                    return new FinishFlowRunResult(Outcomes.Of(run.Id, state, result?.Json));
                }

                var proposal = refusal ?? ProposalOf(input, state);
                var resultJson = proposal.Type == input.Type ? input.ResultJson : null;
                (var answer, known) = await gate.ProposeFlowRunStatesAsync(known, [proposal], start.Generation, resultJson, token);
                if (input.Type != StateType.Completed)
                {
                    running.Cancel(run.Id, start.Generation);
                }

                switch (answer)
                {
                    case GateAnswer.Accepted { State: { } ended } when ended.IsFinal():
                        return new FinishFlowRunResult(Outcomes.Of(run.Id, ended, resultJson));
                    case GateAnswer.Aborted or GateAnswer.Superseded or GateAnswer.Rejected when !proposal.IsFinal():
                        if (await WasWrittenAsync(run.Id, proposal, token))
                        {
                            return new FinishFlowRunResult(Outcomes.Of(run.Id, state), state.Timestamp);
                        }

                        refusal = Endings.Refused(proposal, answer);
                        break;
                    case GateAnswer.Aborted or GateAnswer.Superseded:
                    case GateAnswer.Rejected { State: { } kept } when kept.Id == state.Id:
                        return new FinishFlowRunResult(Outcomes.Refused(run.Id, answer.Reason));
                    default:
                        // A retry was put in its place, or somebody was faster: look at what became of it.
                        break;
                }

                return default;
            },
            cancellationToken
        );
    }

    /// <summary>True when a crash made this activity repeat itself, and the run was resumed before that.</summary>
    private async Task<bool> WasWrittenAsync(Guid flowRunId, ProposedState proposal, CancellationToken cancellationToken)
    {
        var states = await runs.GetStatesAsync(flowRunId, cancellationToken);
        return states.Any(state => state.StateDetails.TransitionId == proposal.StateDetails.TransitionId);
    }

    /// <summary>A cancelling run ends as Cancelled only, whatever its body came to meanwhile.</summary>
    private static ProposedState ProposalOf(FinishFlowRunInput input, State state) =>
        state.Type == StateType.Cancelling
            ? ProposedStates.Cancelled(state.Message)
            : new ProposedState
            {
                Type = input.Type,
                Name = input.StateName,
                Message = input.Message,
                StateDetails = input.Details ?? StateDetails.Empty,
            };
}
