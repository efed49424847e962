using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Core.States;
using Serverless.Functions.Outbox;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;

namespace Serverless.Functions.FlowRuns;

/// <summary>
/// Moves runs on whose orchestration is gone: starts one that is missing, and ends a run as Crashed whose orchestration
/// failed (its code changed under it) or was terminated by hand.
/// </summary>
/// <param name="runs">The open runs.</param>
/// <param name="gate">The only writer of states.</param>
/// <param name="time">The clock that a run's age is taken by.</param>
public sealed class SweepFlowRuns(OpenFlowRuns runs, RunGate gate, TimeProvider time)
{
    /// <summary>A run whose state is younger may just be about to start or to end.</summary>
    internal static readonly TimeSpan MinimumAge = TimeSpan.FromMinutes(1);

    /// <summary>The timer trigger: goes through the open runs that are executed here.</summary>
    [Function(nameof(SweepFlowRuns))]
    public async Task RunAsync([TimerTrigger("%FlowRunSweepSchedule%")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        DateTimeOffset before = time.GetUtcNow() - MinimumAge;
        await foreach (OpenFlowRun open in runs.ReadAsync(cancellationToken))
        {
            if (open.Run.State is not { } state || state.Timestamp > before)
            {
                continue;
            }

            OrchestrationMetadata? instance = await client.GetInstanceAsync(
                OutboxEntry.InstanceIdOf(open.Run.Id, open.Generation), getInputsAndOutputs: true, cancellationToken);
            if (instance is null)
            {
                await OutboxDispatcher.StartAsync(open.Run.Id, open.Generation, client, cancellationToken);
            }
            else if (instance.IsCompleted)
            {
                string reason = instance.FailureDetails?.ErrorMessage ?? $"it is {instance.RuntimeStatus}";
                await gate.ProposeFlowRunStateAsync(
                    open.Run.Id,
                    ProposedStates.Crashed($"The orchestration of the run has ended before the run: {reason}"),
                    TransitionOrigin.Orchestrator,
                    force: true,
                    generation: open.Generation,
                    cancellationToken: cancellationToken);
            }
        }
    }
}
