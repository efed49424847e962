using System.Text.Json;
using Serverless.Core.Json;
using Serverless.Core.States;
using Serverless.Flows.Calls;

namespace Serverless.Flows.Hosting;

/// <summary>Finds out why a run did not complete.</summary>
internal static class RunFailure
{
    /// <summary>The exception for a state; null for a completed one.</summary>
    /// <param name="state">The state.</param>
    /// <param name="called">The task or flow that was called, if one was.</param>
    internal static RunException? Of(IState state, Called? called = null)
    {
        if (state.IsCompleted())
        {
            return null;
        }

        if (state.IsPaused())
        {
            return new PausedRunException(new RunState(state));
        }

        if (!state.IsFinal())
        {
            return new UnfinishedRunException(new RunState(state));
        }

        var cause = CauseOf(state);
        var message = MessageOf(state, ReasonOf(cause), called);
        RunState ended = new(cause);
        return cause.Type switch
        {
            StateType.Crashed => new CrashedRunException(message, ended, called),
            StateType.Cancelled => new CancelledRunException(message, ended, called),
            _ => new FailedRunException(message, ended, called),
        };
    }

    /// <summary>A run whose result are states ended so because of the first of them that failed.</summary>
    private static IState CauseOf(IState state) =>
        state.Data is { } data && StatesIn(data).Find(inner => inner.IsFinal() && !inner.IsCompleted()) is { } failed
            ? CauseOf(failed)
            : state;

    /// <summary>A text that a failed run left says more than its state's message.</summary>
    private static string? ReasonOf(IState state) =>
        state.Data is { ValueKind: JsonValueKind.String } text ? text.GetString() : state.Message;

    private static string MessageOf(IState state, string? reason, Called? called)
    {
        var isKnown = !string.IsNullOrEmpty(reason);
        var name = state.Name ?? state.Type.DefaultName();
        return called is null
            ? isKnown
                ? reason!
                : $"Run {state.Type.DefaultName().ToLowerInvariant()}."
            : $"{called.Kind} '{called.Name}' ended as {name}{(isKnown ? $": {reason}" : ".")}";
    }

    private static List<ProposedState> StatesIn(JsonElement data)
    {
        List<JsonElement> items = data.ValueKind switch
        {
            JsonValueKind.Array => [.. data.EnumerateArray()],
            JsonValueKind.Object => [data],
            _ => [],
        };
        return items.TrueForAll(IsState) ? items.ConvertAll(item => item.Deserialize(WireJson.TypeInfo<ProposedState>())!) : [];
    }

    /// <summary>Whether JSON has the form of a state on the wire.</summary>
    internal static bool IsState(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object
        && value.TryGetProperty("type", out var type)
        && type.ValueKind == JsonValueKind.String
        && Enum.TryParse<StateType>(type.GetString(), ignoreCase: true, out _)
        && value.TryGetProperty("state_details", out var details)
        && details.ValueKind == JsonValueKind.Object;
}
