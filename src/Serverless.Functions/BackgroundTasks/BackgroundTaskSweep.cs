using Microsoft.DurableTask.Client;
using Serverless.Functions.FlowRuns;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;

namespace Serverless.Functions.BackgroundTasks;

/// <summary>
/// Moves background task runs on whose orchestration is gone: starts one that is missing, and ends a task run as Crashed whose
/// orchestration has ended without it.
/// </summary>
/// <param name="tasks">The background task runs.</param>
/// <param name="gate">The only writer of states.</param>
/// <param name="time">The clock that a task run's age is taken by.</param>
public sealed class BackgroundTaskSweep(BackgroundTaskRuns tasks, RunGate gate, TimeProvider time)
{
    /// <summary>Goes through those that have not ended and were to start a while ago.</summary>
    /// <returns>How many were moved on.</returns>
    internal async Task<int> RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var moved = 0;
        var settled = time.GetUtcNow() - SweepFlowRuns.MinimumAge;
        await foreach (var run in tasks.OpenAsync(settled, cancellationToken))
        {
            if (run.State is not { } state || state.Timestamp > settled)
            {
                continue;
            }

            var id = OutboxEntry.BackgroundInstanceIdOf(run.Id);
            var instance = await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken);
            if (instance is null)
            {
                moved +=
                    await tasks.FindAsync(run.Id, cancellationToken) is { } task
                    && await BackgroundTaskDispatch.StartAsync(task, client, cancellationToken)
                        ? 1
                        : 0;
            }
            else if (instance.IsCompleted)
            {
                var answer = await gate.ProposeBackgroundStateAsync(
                    run,
                    SweepFlowRuns.CrashOf(instance),
                    TaskRunBasis.State(run.StateId),
                    force: true,
                    cancellationToken
                );
                moved += answer.IsAccepted ? 1 : 0;
            }
        }

        return moved;
    }
}
