using Serverless.Core.States;
using Serverless.Flows;

namespace Serverless.Functions.Hooks;

/// <summary>Which hooks go with which states.</summary>
internal static class HookEvents
{
    /// <summary>The states that call hooks of a flow or task; empty if it has none.</summary>
    public static IReadOnlyCollection<StateType> HookedStates(RunnableDefinition definition) =>
        [.. definition.Hooks.Select(hook => StateOf(hook.Event)).Distinct()];

    /// <summary>The hooks of a flow or task that a state calls, in order.</summary>
    public static IReadOnlyList<HookDefinition> HooksOf(RunnableDefinition definition, StateType state) =>
        [.. definition.Hooks.Where(hook => StateOf(hook.Event) == state)];

    private static StateType StateOf(HookEvent hookEvent) =>
        hookEvent switch
        {
            HookEvent.Running => StateType.Running,
            HookEvent.Completion => StateType.Completed,
            HookEvent.Failure => StateType.Failed,
            HookEvent.Cancellation => StateType.Cancelled,
            HookEvent.Crashed => StateType.Crashed,
            _ => throw new ArgumentOutOfRangeException(nameof(hookEvent), hookEvent, message: null),
        };
}
