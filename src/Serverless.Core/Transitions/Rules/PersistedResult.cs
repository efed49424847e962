using System.Text.Json;
using Serverless.Core.States;

namespace Serverless.Core.Transitions.Rules;

/// <summary>Tells whether a state's data leads to a result that was kept.</summary>
internal static class PersistedResult
{
    /// <summary>
    /// True for a non-empty object whose <c>type</c> is not <c>unpersisted</c>; anything else leads nowhere.
    /// </summary>
    public static bool In(JsonElement? data)
    {
        if (data is not { ValueKind: JsonValueKind.Object } found)
        {
            return false;
        }

        using var members = found.EnumerateObject();
        return members.MoveNext()
            && !(found.TryGetProperty("type"u8, out var type)
                && type.ValueKind == JsonValueKind.String
                && type.ValueEquals("unpersisted"u8));
    }

    /// <summary>True when <paramref name="transition"/> completes a completed run again and loses its result.</summary>
    public static bool IsLostBy(Transition transition) =>
        transition.Type == StateType.Completed
        && transition.Initial is { Type: StateType.Completed } initial
        && In(initial.Data)
        && !In(transition.Data);

    /// <summary>Why such a transition is refused.</summary>
    public const string LossReason =
        "Cannot overwrite a COMPLETED state that carries persisted result data with one that does not.";
}
