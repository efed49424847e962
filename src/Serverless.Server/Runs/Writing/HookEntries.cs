using Serverless.Core.Ids;
using Serverless.Core.States;
using Serverless.Server.Flows;
using Serverless.Server.Outbox;

namespace Serverless.Server.Runs.Writing;

/// <summary>
/// The outbox entries by which hooks are called: one for each state that a run of this app enters and for which its flow or task declares
/// hooks. They are written with the state. What declares none costs one look into a dictionary.
/// </summary>
/// <param name="flows">The flows and tasks of this app.</param>
/// <param name="ids">What the entries' keys are drawn from.</param>
internal sealed class HookEntries(RegisteredFlows flows, IIdGenerator ids)
{
    /// <summary>A change of a flow run, with the entries for its hooks.</summary>
    public FlowRunChange AddTo(FlowRunChange change)
    {
        var after = change.After!;
        List<OutboxEntry>? entries = null;
        foreach (var state in change.Written)
        {
            if (after.Registered && flows.HasHook(after.Run.FlowId, state.Type))
            {
                (entries ??= [.. change.Entries]).Add(EntryOf(state, after.Run.Id, after.Generation, taskRunId: null));
            }
        }

        return entries is null ? change : change with { Entries = entries };
    }

    /// <summary>A change of a task run, with the entries for its hooks.</summary>
    public TaskRunChange AddTo(TaskRunChange change)
    {
        var after = change.After!;
        List<OutboxEntry>? entries = null;
        foreach (var state in change.Written)
        {
            if (state.Name != StateNames.RolledBack && flows.HasHook(after.TaskRun.TaskKey, state.Type) && IsOfThisApp(after))
            {
                // Outside any flow, a task run's own id takes the place of the flow run's.
                (entries ??= [.. change.Entries]).Add(
                    EntryOf(state, after.FlowRun?.Id ?? after.TaskRun.Id, generation: 0, after.TaskRun.Id)
                );
            }
        }

        return entries is null ? change : change with { Entries = entries };
    }

    /// <summary>A client's task run may have the key of a task of this app.</summary>
    private bool IsOfThisApp(TaskRunAttempt attempt) =>
        attempt.BackgroundDue is not null
        || (
            attempt is { FlowRun: { } flowRun, TaskRun: { } run }
            && flows.Contains(flowRun.FlowId)
            && run.Id == TaskRunKeys.EnginesId(flowRun.Id, run.TaskKey, run.DynamicKey)
        );

    private OutboxEntry EntryOf(State state, Guid flowRunId, int generation, Guid? taskRunId) =>
        OutboxRows.Create(ids.NewId(), state.Timestamp, OutboxKind.Hooks, flowRunId, generation, state.Type) with
        {
            StateId = state.Id,
            TaskRunId = taskRunId,
        };
}
