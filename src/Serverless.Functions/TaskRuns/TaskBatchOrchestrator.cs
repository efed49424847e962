using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Core.States;
using Serverless.Flows.Hosting;
using Serverless.Functions.Engine;
using Serverless.Functions.FlowRuns;

namespace Serverless.Functions.TaskRuns;

/// <summary>
/// Runs one batch of a mapped task. A map of thousands becomes many of these, so that no history grows with the
/// size of the map: the flow's own history holds one event for each batch.
/// </summary>
public static class TaskBatchOrchestrator
{
    /// <summary>The orchestration; its input is a <see cref="TaskBatchInput"/>, its output one outcome for each item, in order.</summary>
    [Function(nameof(TaskBatchOrchestrator))]
    public static async Task<CallOutcome[]> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        TaskBatchInput input = context.GetInput<TaskBatchInput>()
            ?? throw new InvalidOperationException("A task batch orchestration needs its task runs as its input.");
        PauseSignal pause = new();
        if (input.Paused)
        {
            pause.Close();
        }

        Task<CallOutcome>[] runs = new Task<CallOutcome>[input.Items.Count];
        for (int i = 0; i < runs.Length; i++)
        {
            runs[i] = TaskRunLoop.RunAsync(context, input.Settings, input.Items[i], pause);
        }

        Task<CallOutcome[]> all = Task.WhenAll(runs);
        StateChanges changes = new(context);
        while (await Task.WhenAny(all, changes.Next()) != all)
        {
            StateChange change = await changes.Next();
            changes.Take();
            if (change.Type == StateType.Paused)
            {
                pause.Close();
            }
            else
            {
                // Resumed; or cancelled, and then the gate refuses each attempt that has not started.
                pause.Open();
            }
        }

        return await all;
    }
}
