using Serverless.Core.States;
using Serverless.Server.Outbox;

namespace Serverless.Functions.Hooks;

/// <summary>Input of <see cref="HookOrchestrator"/>: a state that a run has entered.</summary>
/// <param name="FlowRunId">The flow run; for a background task run, that one's own id.</param>
/// <param name="Generation">Its generation then; 0 for a state of a task run.</param>
/// <param name="TaskRunId">The task run that entered the state; null for the flow run.</param>
/// <param name="StateId">The state.</param>
/// <param name="Type">Its type.</param>
public sealed record HookStart(Guid FlowRunId, int Generation, Guid? TaskRunId, Guid StateId, StateType Type)
{
    /// <summary>The orchestration: one for each state, and one of those that go with the flow run.</summary>
    internal string InstanceId => $"{OutboxEntry.InstancePrefixOf(FlowRunId)}hooks-{StateId:N}";

    /// <summary>True for a state of a background task run.</summary>
    internal bool IsBackground => FlowRunId == TaskRunId;

    /// <summary>What an outbox entry asks for; null for an entry that names no state.</summary>
    internal static HookStart? Of(OutboxEntry entry) =>
        entry is { StateId: { } stateId, StateType: { } type }
            ? new HookStart(entry.FlowRunId, entry.Generation, entry.TaskRunId, stateId, type)
            : null;
}
