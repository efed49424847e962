using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Core.States;
using Serverless.Functions.BackgroundTasks;
using Serverless.Functions.Engine;
using Serverless.Functions.Outbox;
using Serverless.Functions.Services;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;
using Serverless.Server.Services;

namespace Serverless.Functions.FlowRuns;

/// <summary>
/// Moves runs on whose orchestration is gone: starts one that is missing, and ends a run as Crashed whose orchestration
/// failed (its code changed under it) or was terminated by hand.
/// </summary>
/// <param name="services">Remembers how the run went.</param>
/// <param name="open">The open runs.</param>
/// <param name="runs">The stored runs.</param>
/// <param name="gate">The only writer of states.</param>
/// <param name="taskRuns">Ends task runs.</param>
/// <param name="subflows">Ends subflow runs.</param>
/// <param name="background">The same for background task runs.</param>
/// <param name="time">The clock that a run's age is taken by.</param>
public sealed class SweepFlowRuns(
    ServiceRuns services,
    OpenFlowRuns open,
    FlowRunService runs,
    RunGate gate,
    EndTaskRuns taskRuns,
    EndSubflows subflows,
    BackgroundTaskSweep background,
    TimeProvider time
)
{
    /// <summary>A run whose state is younger may just be about to start or to end.</summary>
    internal static readonly TimeSpan MinimumAge = TimeSpan.FromMinutes(1);

    /// <summary>For how long the orchestration of a subflow is left for its parent to start.</summary>
    internal static readonly TimeSpan MinimumSubflowAge = TimeSpan.FromMinutes(10);

    /// <summary>How long before its time a scheduled run is looked at: those that schedules create ahead are many.</summary>
    internal static readonly TimeSpan Ahead = TimeSpan.FromMinutes(10);

    /// <summary>The timer trigger: goes through the open runs of this app.</summary>
    [Function(nameof(SweepFlowRuns))]
    public Task RunAsync(
        [TimerTrigger("%FlowRunSweepSchedule%")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) => services.RunAsync(nameof(SweepFlowRuns), timer, token => SweepAsync(client, token), cancellationToken);

    private async Task<ServiceOutcome> SweepAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var moved = 0;
        var now = time.GetUtcNow();
        await foreach (var run in open.ReadAsync(now + Ahead, cancellationToken))
        {
            var age = now - (run.Run.State?.Timestamp ?? now);
            if (age < MinimumAge)
            {
                continue;
            }

            var instance = await client.GetInstanceAsync(
                OutboxEntry.InstanceIdOf(run.Run.Id, run.Generation),
                getInputsAndOutputs: true,
                cancellationToken
            );
            if (instance is null)
            {
                moved += await TryStartAsync(run, age, client, cancellationToken) ? 1 : 0;
            }
            else if (instance.IsCompleted)
            {
                await EndAsync(run, CrashOf(instance), cancellationToken);
                moved++;
            }
        }

        moved += await background.RunAsync(client, cancellationToken);
        return ServiceOutcome.Of(moved, "moved on", "runs");
    }

    /// <summary>The state for a run whose orchestration has ended before it.</summary>
    internal static ProposedState CrashOf(OrchestrationMetadata instance) =>
        instance switch
        {
            { RuntimeStatus: OrchestrationRuntimeStatus.Terminated } => CrashedStates.Terminated(),
            { FailureDetails.ErrorMessage: var reason } => ProposedStates.Crashed(
                $"The orchestration of the run has ended before the run: {reason}"
            ),
            _ => ProposedStates.Crashed($"The orchestration of the run has ended before the run: it is {instance.RuntimeStatus}"),
        };

    private async Task<bool> TryStartAsync(OpenFlowRun run, TimeSpan age, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (run.ParentFlowRunId is { } parentId)
        {
            var parent = await runs.GetAsync(parentId, cancellationToken);
            if (parent?.StateType?.IsFinal() is not false)
            {
                await EndAsync(run, ProposedStates.Cancelled("The parent run has ended."), cancellationToken);
                return true;
            }

            if (age < MinimumSubflowAge)
            {
                return false;
            }
        }

        await OutboxDispatcher.StartAsync(run.Run.Id, run.Generation, client, cancellationToken);
        return true;
    }

    private async Task EndAsync(OpenFlowRun run, ProposedState state, CancellationToken cancellationToken)
    {
        // A cancelling run ends as Cancelled, whatever became of its orchestration.
        state = run.Run.StateType == StateType.Cancelling ? ProposedStates.Cancelled(state.Message) : state;

        // First what is below it: once the run is final, no sweep finds it again.
        await subflows.CancelAsync(run.Run.Id, FlowRunBasis.StateOf(run.Run), "The parent run has ended.", cancellationToken);
        await taskRuns.EndAsync(run.Run.Id, FlowRunBasis.StateOf(run.Run), state, cancellationToken);
        await gate.ProposeFlowRunStateAsync(
            run.Run.Id,
            state,
            TransitionOrigin.Orchestrator,
            FlowRunBasis.StateOf(run.Run),
            force: true,
            cancellationToken: cancellationToken
        );
    }
}
