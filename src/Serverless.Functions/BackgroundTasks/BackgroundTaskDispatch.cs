using Microsoft.DurableTask.Client;
using Serverless.Core.States;
using Serverless.Functions.FlowRuns;
using Serverless.Functions.Outbox;
using Serverless.Functions.TaskRuns;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;

namespace Serverless.Functions.BackgroundTasks;

/// <summary>Starts, wakes and removes the orchestrations of background task runs. Every step can be repeated.</summary>
/// <param name="tasks">The background task runs.</param>
/// <param name="running">Tasks that run in this process, to be cancelled at once.</param>
/// <param name="time">The clock that an entry's age is taken by.</param>
public sealed class BackgroundTaskDispatch(BackgroundTaskRuns tasks, RunningTaskRuns running, TimeProvider time)
{
    /// <summary>For how long the rows of a new task run may come later than the entry that starts it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Carries out an entry; false when it is to be repeated later.</summary>
    internal async Task<bool> RunAsync(OutboxEntry entry, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var taskRunId = entry.FlowRunId;
        if (await tasks.FindAsync(taskRunId, cancellationToken) is not { } task)
        {
            if (entry.StateType is null)
            {
                return await RemoveAsync(taskRunId, client, cancellationToken);
            }

            // Deleted meanwhile: that has an entry of its own.
            return OutboxRows.TimeOf(entry) is not { } written || time.GetUtcNow() - written > Patience;
        }

        if (task.Run.StateType?.IsFinal() is true)
        {
            running.CancelEnded(taskRunId, task.Run.StateId);
            await WakeAsync(taskRunId, client, cancellationToken);
        }
        else if (!await StartAsync(task, client, cancellationToken))
        {
            await WakeAsync(taskRunId, client, cancellationToken);
        }

        return true;
    }

    /// <summary>Starts the orchestration of a task run; false when it was started before.</summary>
    internal static Task<bool> StartAsync(BackgroundTask task, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var run = task.Run;
        var input = BackgroundTaskInput.Parse(task.Input);
        TaskRunSettings settings = new(Guid.Empty, Generation: 0, RunCount: 0, run.TaskKey)
        {
            Background = new BackgroundTaskRunKey(run.Id, run.DynamicKey),
        };
        BackgroundTaskStart start = new(settings, new TaskRunItem(DynamicKey: 0, input.Arguments) { Stored = input.Stored });
        return OutboxDispatcher.StartAsync(nameof(BackgroundTaskOrchestrator), start, settings.Instance, client, cancellationToken);
    }

    private static Task WakeAsync(Guid taskRunId, DurableTaskClient client, CancellationToken cancellationToken) =>
        OutboxDispatcher.TellAsync(
            OutboxEntry.BackgroundInstanceIdOf(taskRunId),
            new StateChange(StateType.Scheduled, taskRunId),
            client,
            cancellationToken
        );

    private async Task<bool> RemoveAsync(Guid taskRunId, DurableTaskClient client, CancellationToken cancellationToken)
    {
        running.Cancel(taskRunId, int.MaxValue);
        await tasks.DeleteLinesAsync(taskRunId, cancellationToken);
        return await new OrchestrationRemoval(client, time).RemoveAsync(taskRunId, cancellationToken) == RemainingOrchestrations.None;
    }
}
