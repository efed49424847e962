using Serverless.Core.States;
using Serverless.Flows;

namespace Serverless.Functions.Hooks;

/// <summary>Which hooks go with which states.</summary>
internal static class HookEvents
{
    /// <summary>The states that call hooks of a flow or task; empty if it has none.</summary>
    public static IReadOnlyCollection<StateType> HookedStates(RunnableDefinition definition) =>
        [.. definition.Hooks.Select(hook => StateOf(hook.Event)).OfType<StateType>().Distinct()];

    /// <summary>The hooks of a flow or task that are called, in order.</summary>
    public static IReadOnlyList<HookDefinition> HooksOf(RunnableDefinition definition, RunHookInput input) =>
        [.. definition.Hooks.Where(hook => input.Event is { } end ? hook.Event == end : StateOf(hook.Event) == input.Start.Type)];

    /// <summary>Null for the end of a transaction, which is no state of a run.</summary>
    private static StateType? StateOf(HookEvent hookEvent) =>
        hookEvent switch
        {
            HookEvent.Running => StateType.Running,
            HookEvent.Completion => StateType.Completed,
            HookEvent.Failure => StateType.Failed,
            HookEvent.Cancellation => StateType.Cancelled,
            HookEvent.Crashed => StateType.Crashed,
            _ => null,
        };
}
