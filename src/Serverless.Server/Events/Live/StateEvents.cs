using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Core.Json;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Telemetry;

namespace Serverless.Server.Events;

/// <summary>What the events of states have in common.</summary>
internal static class StateEvents
{
    /// <summary>The most characters of a state's message (Prefect's).</summary>
    private const int LongestMessage = 100_000;

    /// <summary>Events that are further apart do not name each other: their times tell their order well enough.</summary>
    private static readonly TimeSpan TightTiming = TimeSpan.FromMinutes(5);

    /// <summary>The resource of a run in a state.</summary>
    /// <param name="kind">The run's kind.</param>
    /// <param name="id">Its id.</param>
    /// <param name="name">Its name.</param>
    /// <param name="runCount">How often it entered Running.</param>
    /// <param name="state">The state.</param>
    public static IReadOnlyDictionary<string, string> Resource(string kind, Guid id, string name, int runCount, State state)
    {
        Dictionary<string, string> labels = new()
        {
            [Event.ResourceId] = $"prefect.{kind}.{id}",
            [RelatedObjects.ResourceName] = name,
            ["prefect.run-count"] = runCount.ToString(CultureInfo.InvariantCulture),
            ["prefect.state-message"] = Truncate(state.Message),
            ["prefect.state-name"] = state.Name,
            ["prefect.state-timestamp"] = IsoTime(state.Timestamp),
            ["prefect.state-type"] = StateTypeNames.Of(state.Type),
        };
        return labels;
    }

    /// <summary>From which type of state to which.</summary>
    public static JsonObject Intended(State? before, State state) =>
        new() { ["from"] = before is null ? null : StateTypeNames.Of(before.Type), ["to"] = StateTypeNames.Of(state.Type) };

    /// <summary>A payload.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Payload(JsonObject members) =>
        members.ToDictionary(
            member => member.Key,
            member => JsonSerializer.SerializeToElement(member.Value!, WireJson.TypeInfo<JsonNode>())
        );

    /// <summary>The event that came before that of a state; null for none, or none that matters.</summary>
    public static Guid? Follows(State? before, State state) =>
        before is not null && (state.Timestamp - before.Timestamp).Duration() < TightTiming ? before.Id : null;

    /// <summary>A state without the value that it may hold.</summary>
    public static State? WithoutData(State? state) => state is { Data: not null } ? state with { Data = null } : state;

    /// <summary>A message, of a long one its beginning and its end; empty for none.</summary>
    public static string Truncate(string? message)
    {
        const int Half = LongestMessage / 2;
        if (message is null || message.Length <= LongestMessage)
        {
            return message ?? "";
        }

        var start = char.IsHighSurrogate(message[Half - 1]) ? Half - 1 : Half;
        var end = char.IsLowSurrogate(message[^Half]) ? Half - 1 : Half;
        var cut = string.Create(
            CultureInfo.InvariantCulture,
            $"{message.AsSpan(0, start)}...{message.Length - start - end} additional characters...{message.AsSpan(message.Length - end)}"
        );
        return cut.Length < message.Length ? cut : message;
    }

    /// <summary>A time as Python's isoformat writes it.</summary>
    private static string IsoTime(DateTimeOffset time) =>
        time.ToUniversalTime()
            .ToString(
                time.Ticks % TimeSpan.TicksPerSecond < TimeSpan.TicksPerMicrosecond
                    ? "yyyy-MM-dd'T'HH:mm:sszzz"
                    : "yyyy-MM-dd'T'HH:mm:ss.ffffffzzz",
                CultureInfo.InvariantCulture
            );
}
