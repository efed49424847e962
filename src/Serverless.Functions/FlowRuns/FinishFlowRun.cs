using System.Globalization;
using Microsoft.Azure.Functions.Worker;
using Serverless.Core.Ids;
using Serverless.Core.States;
using Serverless.Functions.TaskRuns;
using Serverless.Server.Logs;
using Serverless.Server.Runs;

namespace Serverless.Functions.FlowRuns;

/// <summary>Proposes how a run ended, and says whether that is final or a retry follows.</summary>
/// <param name="gate">The only writer of states.</param>
/// <param name="logs">The run's log, which is complete before the run is final.</param>
/// <param name="running">The run's tasks that still run here.</param>
public sealed class FinishFlowRun(RunGate gate, RunLogs logs, RunningTaskRuns running)
{
    /// <summary>The activity. Repeating it after a crash gives the same answer and writes no state twice.</summary>
    [Function(nameof(FinishFlowRun))]
    public async Task<FinishFlowRunResult> RunAsync([ActivityTrigger] FinishFlowRunInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        Guid flowRunId = input.Start.FlowRunId;
        if (input.Type != StateType.Completed)
        {
            running.Cancel(flowRunId);
        }

        await logs.FlushAsync(flowRunId, cancellationToken);
        ProposedState proposed = new()
        {
            Type = input.Type,
            Name = input.StateName,
            Message = input.Message,
            StateDetails = new StateDetails
            {
                TransitionId = StableIds.From(flowRunId, string.Create(CultureInfo.InvariantCulture, $"finish-{input.Start.Generation}-{input.Start.Attempt}")),
            },
        };
        while (true)
        {
            OrchestrationResult? answer = await gate.ProposeFlowRunStateAsync(
                flowRunId, proposed, TransitionOrigin.Orchestrator, resultJson: input.ResultJson, generation: input.Start.Generation, cancellationToken: cancellationToken);
            if (answer?.State is not { } state)
            {
                return new FinishFlowRunResult(Outcomes.Deleted(flowRunId), null);
            }

            if (answer.Status == SetStateStatus.Accept)
            {
                return new FinishFlowRunResult(Outcomes.Of(flowRunId, state, input.ResultJson), null);
            }

            if (state.Type == StateType.Cancelling && proposed.Type != StateType.Cancelled)
            {
                // The cancellation came while the body ended; a cancelling run ends as Cancelled only.
                proposed = ProposedStates.Cancelled();
                continue;
            }

            // Final already (a repeated activity, or somebody was faster), or the gate put a retry in the failure's place.
            DateTimeOffset? retryAt = state.Type == StateType.Scheduled ? state.StateDetails.ScheduledTime ?? state.Timestamp : null;
            return new FinishFlowRunResult(Outcomes.Of(flowRunId, state, state.Type == StateType.Completed ? input.ResultJson : null), retryAt);
        }
    }
}
