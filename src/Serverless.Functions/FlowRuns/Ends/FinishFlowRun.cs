using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Core.States;
using Serverless.Core.Text;
using Serverless.Flows;
using Serverless.Flows.Hosting;
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
/// <param name="flows">The flows of the app.</param>
/// <param name="storages">Where flows store their values.</param>
public sealed class FinishFlowRun(
    FlowRunService runs,
    RunGate gate,
    CommitRetry retry,
    RunLogs logs,
    RunningTaskRuns running,
    FlowRegistry flows,
    ResultStorages storages
)
{
    /// <summary>The activity. Repeating it after a crash gives the same answer and writes no state twice.</summary>
    [Function(nameof(FinishFlowRun))]
    public async Task<FinishFlowRunResult> RunAsync([ActivityTrigger] FinishFlowRunInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var start = input.Start;
        await logs.FlushAsync(start.FlowRunId, cancellationToken);
        var known =
            runs.Recent(start.FlowRunId) is { Run.State.Type: StateType.Running } recent
            && recent.Generation == start.Generation
            && recent.Run.RunCount == input.RunCount
                ? recent
                : null;
        var isRecent = known is not null;
        ProposedState? refusal = null;
        var stored = input.Stored;
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
                    var outcome = Outcomes.Of(run.Id, state, result);
                    return new FinishFlowRunResult(outcome.IsUnkept ? WithValue(outcome, input, input.Stored) : outcome);
                }

                var proposal = refusal ?? ProposalOf(input, state);
                if (
                    stored is null
                    && refusal is null
                    && proposal.Type == input.Type
                    && input is { StoreAt: { } place, ResultJson: { } json }
                )
                {
                    (stored, refusal) = await StoreAsync(place, json, run.RunCount, token);
                    proposal = refusal ?? proposal;
                }

                var isEnd = refusal is null && proposal.Type == input.Type;
                var resultJson = isEnd && stored is null ? input.ResultJson : null;
                if (isEnd && !input.IsUnkept && stored is not null)
                {
                    proposal = proposal with { Data = stored.ToData() };
                }

                var isUnkept = isEnd && input.IsUnkept && (resultJson is not null || stored is not null);
                (var answer, known) = await gate.ProposeFlowRunStatesAsync(
                    known,
                    [proposal],
                    start.Generation,
                    isUnkept ? RunResult.NotKept : resultJson,
                    token
                );
                if (isRecent && known is null)
                {
                    // Nothing was written. The run decides what is next, not what was known of it.
                    isRecent = false;
                    return default;
                }

                if (input.Type != StateType.Completed)
                {
                    running.Cancel(run.Id, start.Generation);
                }

                switch (answer)
                {
                    case GateAnswer.Accepted { State: { } ended } when ended.IsFinal():
                        var outcome = Outcomes.Of(run.Id, ended, resultJson);
                        return new FinishFlowRunResult(isUnkept ? WithValue(outcome, input, stored) : outcome);
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

    /// <summary>The outcome of a run that does not keep its value, with the value: its caller has no other way to it.</summary>
    private static CallOutcome WithValue(CallOutcome outcome, FinishFlowRunInput input, StoredResult? stored) =>
        outcome with
        {
            IsUnkept = true,
            ResultJson = stored is null ? input.ResultJson : null,
            Stored = stored,
        };

    /// <summary>Stores the value; a storage that refuses it is a failure of the run, as it is of a task run.</summary>
    private async Task<(StoredResult? Stored, ProposedState? Failed)> StoreAsync(
        StoredResult place,
        string json,
        int runCount,
        CancellationToken cancellationToken
    )
    {
        flows.TryGetMaker(place.TaskKey, out var flow);
        try
        {
            return (await storages.WriteJsonAsync(flow, place, json, cancellationToken), null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever the author's storage throws is the run's failure, with its reason.
        catch (Exception error)
#pragma warning restore CA1031
        {
            var mayRetry = flow?.MayRetry(error, runCount, NullLogger.Instance) ?? true;
            return (
                null,
                ProposedStates.Failed(
                    $"The result could not be written to result storage '{place.Storage}': {ExceptionText.Brief(error)}",
                    details: Endings.OfError(error, mayRetry)
                )
            );
        }
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
