using System.Text.Json;
using Serverless.Core.States;

namespace Serverless.Core.Transitions.Rules;

/// <summary>Tells whether a state's data leads to a result that was kept.</summary>
internal static class PersistedResult
{
    /// <summary>
    /// True for a non-empty object whose <c>type</c> is not <c>unpersisted</c>; anything else leads nowhere.
    /// </summary>
    public static bool In(JsonElement? data) => data is { } found && IsDescribed(found) && found.EnumerateObject().MoveNext();

    /// <summary>
    /// True when the state that a transition leaves has a result that was kept: its data leads there, or it is stored here.
    /// </summary>
    public static bool IsLeftBy(Transition transition) => transition.HasStoredResult || In(transition.Initial?.Data);

    /// <summary>What a rule has to know that asks about it.</summary>
    public static TransitionNeeds Needs(State? initial) =>
        initial is { Type: StateType.Completed } ? TransitionNeeds.StoredResult : TransitionNeeds.None;

    /// <summary>
    /// True when <paramref name="transition"/> completes a completed run again and loses its result. An empty object in the place of
    /// a result is nobody's loss to Prefect.
    /// </summary>
    public static bool IsLostBy(Transition transition) =>
        transition.Type == StateType.Completed
        && transition.Initial is { Type: StateType.Completed } initial
        && In(initial.Data)
        && !(transition.Data is { } replacement && IsDescribed(replacement));

    /// <summary>
    /// True when <paramref name="transition"/> gives a completed run another end, and so deletes its result that is stored here. (A result
    /// that is kept elsewhere stays there, whatever the state says: Prefect lets such a run go.)
    /// </summary>
    public static bool IsDeletedBy(Transition transition) =>
        transition.HasStoredResult
        && transition.Initial is { Type: StateType.Completed }
        && transition.Type != StateType.Completed
        && transition.Type.IsFinal();

    /// <summary>Why such a transition is refused.</summary>
    public const string LossReason = "Cannot overwrite a COMPLETED state that carries persisted result data with one that does not.";

    private static bool IsDescribed(JsonElement data) =>
        data.ValueKind == JsonValueKind.Object
        && !(data.TryGetProperty("type"u8, out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("unpersisted"u8));
}
