using Microsoft.Azure.Functions.Worker;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Server.Concurrency;
using Serverless.Server.Deployments.Scheduling;
using Serverless.Server.Flows;
using Serverless.Server.Runs;
using Serverless.Server.Runs.Writing;

namespace Serverless.Functions.FlowRuns;

/// <summary>Moves a run that is due to Running, and says what its orchestration does next.</summary>
/// <param name="runs">The stored runs.</param>
/// <param name="gate">The only writer of states.</param>
/// <param name="retry">Looks again when somebody else was faster.</param>
/// <param name="flows">The flows of the app.</param>
/// <param name="definitions">Their code.</param>
/// <param name="infos">How flow runs are shown to authors.</param>
/// <param name="callers">What the callers of subflows say about values.</param>
/// <param name="limits">The limits of the runs' deployments.</param>
/// <param name="check">Stops runs of schedules that must not begin any more.</param>
/// <param name="time">The clock that a scheduled time is compared with.</param>
public sealed class BeginFlowRun(
    FlowRunService runs,
    RunGate gate,
    CommitRetry retry,
    RegisteredFlows flows,
    FlowRegistry definitions,
    FlowRunInfos infos,
    CallersResults callers,
    ConcurrencyLimits limits,
    ScheduledRunCheck check,
    TimeProvider time
)
{
    /// <summary>The activity. Repeating it after a crash gives the same answer and writes no state twice.</summary>
    [Function(nameof(BeginFlowRun))]
    public async Task<BeginFlowRunResult> RunAsync([ActivityTrigger] FlowRunStart start, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(start);
        var known = RecentThatIsDue(start);
        var isRecent = known is not null;
        return await retry.RunAsync<BeginFlowRunResult>(
            async token =>
            {
                known ??= await runs.ReadAsync(start.FlowRunId, token);
                if (known is not { Run: { State: { } state } run })
                {
                    await runs.RequestPurgeAsync(start.FlowRunId, start.Generation, token);
                    return new BeginFlowRunResult(BeginKind.Stop, Outcome: Outcomes.Deleted(start.FlowRunId));
                }

                if (known.Generation != start.Generation)
                {
                    return new BeginFlowRunResult(BeginKind.Stop, Outcome: Outcomes.Superseded(run.Id));
                }

                if (state.Type.IsFinal())
                {
                    var result = await runs.GetResultAsync(start.FlowRunId, token);
                    return new BeginFlowRunResult(BeginKind.Stop, Outcome: Outcomes.Of(run.Id, state, result));
                }

                if (state.Type == StateType.Running)
                {
                    // By this very activity, before a crash, and perhaps paused and resumed since.
                    return Begun(infos.Of(run)) with { CallersResults = await callers.ReadAsync(known, token) };
                }

                if (WaitsUntil(state) is { } due && due > time.GetUtcNow())
                {
                    return new BeginFlowRunResult(BeginKind.Wait, due < DateTimeOffset.MaxValue ? due : null);
                }

                if (await check.FilterAsync([run], TransitionOrigin.Orchestrator, token) is [])
                {
                    // It is deleted or cancelled now.
                    known = null;
                    return default;
                }

                (var answer, known) = await gate.ProposeFlowRunStatesAsync(
                    known,
                    await NextAsync(run, state, token),
                    start.Generation,
                    cancellationToken: token
                );
                if (isRecent && known is null)
                {
                    // Nothing was written. The run decides what is next, not what was known of it.
                    isRecent = false;
                    return default;
                }

                if (answer is GateAnswer.Waits wait)
                {
                    return new BeginFlowRunResult(BeginKind.Wait, time.GetUtcNow().AddSeconds(Math.Max(wait.DelaySeconds, 1)));
                }

                // Otherwise it is Running now; or deleted, or in another state: look again.
                await GateRefusals.EndIfRefusedAsync(gate, start, run, answer, token);
                return default;
            },
            cancellationToken
        );
    }

    /// <summary>The run as it was a moment ago, if it was to begin.</summary>
    private FlowRunSnapshot? RecentThatIsDue(FlowRunStart start) =>
        runs.Recent(start.FlowRunId)
            is { Run.State: { Type: StateType.Scheduled, Name: not StateNames.AwaitingConcurrencySlot } state } recent
        && recent.Generation == start.Generation
        && WaitsUntil(state) is var due
        && (due is null || due <= time.GetUtcNow())
            ? recent
            : null;

    private BeginFlowRunResult Begun(FlowRunInfo run) =>
        new(BeginKind.Run, Run: run, Timeout: definitions.TryGetFlow(run.FlowName, out var flow) ? flow.Timeout : null);

    /// <summary>Until when there is nothing to do in a state; null for a state that can be left at once.</summary>
    private static DateTimeOffset? WaitsUntil(State state) =>
        state.Type switch
        {
            // One that waits for a slot is told when there is one.
            StateType.Scheduled when state.Name != StateNames.AwaitingConcurrencySlot => state.StateDetails.ScheduledTime,
            StateType.Paused => Pauses.EndOf(state) ?? DateTimeOffset.MaxValue,
            _ => null,
        };

    private async ValueTask<List<ProposedState>> NextAsync(FlowRun run, State state, CancellationToken cancellationToken)
    {
        if (state.Type == StateType.Cancelling)
        {
            return [ProposedStates.Cancelled(state.Message)];
        }

        if (!flows.Contains(run.FlowId))
        {
            return [ProposedStates.Crashed("The flow is no longer registered in this app.")];
        }

        // A run takes a slot when it becomes Pending; between two attempts it has given its slot back, and when it was created Pending it
        // took none.
        return state switch
        {
            { Name: StateNames.AwaitingRetry } => await IsLimitedAsync(run, cancellationToken)
                ? [ProposedStates.Pending(), ProposedStates.Retrying()]
                : [ProposedStates.Retrying()],
            { Type: StateType.Pending, StateDetails.DeploymentConcurrencyLeaseId: null }
                when await IsLimitedAsync(run, cancellationToken) =>
            [
                ProposedStates.Scheduled(),
                ProposedStates.Pending(),
                ProposedStates.Running(),
            ],
            { Type: StateType.Scheduled } => [ProposedStates.Pending(), ProposedStates.Running()],
            _ => [ProposedStates.Running()],
        };
    }

    private async ValueTask<bool> IsLimitedAsync(FlowRun run, CancellationToken cancellationToken) =>
        run.DeploymentId is { } deploymentId && await limits.LimitsDeploymentAsync(deploymentId, cancellationToken);
}
