using System.Text.Json.Serialization;

namespace Serverless.Core.Models;

/// <summary>An event as a server passes it on (Prefect's ReceivedEvent).</summary>
public sealed record ReceivedEvent : Event
{
    /// <summary>When the server received it (UTC).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required DateTimeOffset Received { get; init; }

    /// <summary>An event with the time at which it was received.</summary>
    public static ReceivedEvent Of(Event reported, DateTimeOffset received)
    {
        ArgumentNullException.ThrowIfNull(reported);
        return new ReceivedEvent
        {
            Id = reported.Id,
            Occurred = reported.Occurred,
            Name = reported.Name,
            Resource = reported.Resource,
            Related = reported.Related,
            Payload = reported.Payload,
            Follows = reported.Follows,
            Received = received,
        };
    }
}
