using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows.Hosting;
using Serverless.Server.Flows;
using Serverless.Server.Runs;

namespace Serverless.Functions.FlowRuns;

/// <summary>Moves a run that is due to Running, and says what its orchestration does next.</summary>
/// <param name="runs">The stored runs.</param>
/// <param name="gate">The only writer of states.</param>
/// <param name="flows">The flows of the app.</param>
/// <param name="time">The clock that a scheduled time is compared with.</param>
public sealed class BeginFlowRun(FlowRunService runs, RunGate gate, RegisteredFlows flows, TimeProvider time)
{
    /// <summary>The activity. Repeating it after a crash gives the same answer and writes no state twice.</summary>
    [Function(nameof(BeginFlowRun))]
    public async Task<BeginFlowRunResult> RunAsync([ActivityTrigger] FlowRunStart start, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(start);
        while (true)
        {
            FlowRun? run = await runs.GetAsync(start.FlowRunId, cancellationToken);
            if (run?.State is not { } state)
            {
                return new BeginFlowRunResult(BeginKind.Stop, Outcome: Outcomes.Deleted(start.FlowRunId));
            }

            if (state.Type.IsFinal())
            {
                RunResult? result = await runs.GetResultAsync(start.FlowRunId, cancellationToken);
                return new BeginFlowRunResult(BeginKind.Stop, Outcome: Outcomes.Of(run.Id, state, result?.Json));
            }

            DateTimeOffset now = time.GetUtcNow();
            if (state.Type == StateType.Scheduled && state.StateDetails.ScheduledTime is { } due && due > now)
            {
                return new BeginFlowRunResult(BeginKind.Wait, due);
            }

            if (state.Type == StateType.Paused && (state.StateDetails.PauseTimeout is not { } timeout || timeout > now))
            {
                return new BeginFlowRunResult(BeginKind.Wait, state.StateDetails.PauseTimeout);
            }

            OrchestrationResult? answer = await gate.ProposeFlowRunStatesAsync(
                start.FlowRunId, Next(run, state, start), TransitionOrigin.Orchestrator, generation: start.Generation, cancellationToken: cancellationToken);
            switch (answer)
            {
                case { Status: SetStateStatus.Accept or SetStateStatus.Reject, State.Type: StateType.Running }:
                    // A rejection is the gate's word that this very transition was made before, by this activity before a crash.
                    return new BeginFlowRunResult(BeginKind.Run, Run: InfoOf(await runs.GetAsync(start.FlowRunId, cancellationToken) ?? run));
                case { Details: StateWaitDetails wait }:
                    return new BeginFlowRunResult(BeginKind.Wait, now.AddSeconds(Math.Max(wait.DelaySeconds, 1)));
                case { Details: StateAbortDetails abort }:
                    return new BeginFlowRunResult(BeginKind.Stop, Outcome: Outcomes.Refused(run.Id, abort.Reason));
                case { Details: StateRejectDetails reject } when answer.State?.Id == state.Id:
                    return new BeginFlowRunResult(BeginKind.Stop, Outcome: Outcomes.Refused(run.Id, reject.Reason));
                default:
                    // Deleted, or in another state now: look again.
                    break;
            }
        }
    }

    private List<ProposedState> Next(FlowRun run, State state, FlowRunStart start)
    {
        if (state.Type == StateType.Cancelling)
        {
            return [ProposedStates.Cancelled()];
        }

        if (!flows.Contains(run.FlowId))
        {
            return [ProposedStates.Crashed("The flow is not registered in this app any more.")];
        }

        ProposedState running = state.Name == StateNames.AwaitingRetry ? ProposedStates.Retrying() : ProposedStates.Running();
        running = running with { StateDetails = running.StateDetails with { TransitionId = StableIds.From(run.Id, $"begin-{start.Generation}-{start.Attempt}") } };
        return state.Type == StateType.Scheduled && state.Name != StateNames.AwaitingRetry ? [ProposedStates.Pending(), running] : [running];
    }

    private FlowRunInfo InfoOf(FlowRun run) => new(
        run.Id,
        run.Name,
        flows.TryGet(run.FlowId, out RegisteredFlow? flow) ? flow.Name : "",
        run.RunCount,
        run.ExpectedStartTime ?? run.Created ?? time.GetUtcNow(),
        JsonSerializer.Serialize(run.Parameters, FunctionsJson.Default.IReadOnlyDictionaryStringJsonElement),
        run.Tags);
}
