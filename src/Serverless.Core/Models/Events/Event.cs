using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Core.Validation;

namespace Serverless.Core.Models;

/// <summary>What a client says has happened (Prefect's Event): an item of <c>POST /events</c>, a message to <c>/events/in</c>.</summary>
public record Event
{
    /// <summary>The label of a resource that says which one it is, as in <c>prefect.task-run.{id}</c>.</summary>
    public const string ResourceId = "prefect.resource.id";

    /// <summary>The label of a related resource that says what it has to do with the event, as in <c>flow-run</c>.</summary>
    public const string ResourceRole = "prefect.resource.role";

    /// <summary>The id, by the client.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Guid Id { get; init; }

    /// <summary>When it happened (UTC), by the client's clock.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required DateTimeOffset Occurred { get; init; }

    /// <summary>What happened, as in <c>prefect.flow-run.heartbeat</c>.</summary>
    [JsonPropertyName("event")]
    [StringLength(1024, ErrorMessage = "Value error, Event name must be at most 1024 characters")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string Name { get; init; }

    /// <summary>What it happened to: labels by name. A label may be as long as the message of a state.</summary>
    [AnyLength]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required IReadOnlyDictionary<string, string> Resource { get; init; }

    /// <summary>What else has to do with it.</summary>
    [AnyLength]
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Related
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>What there is to know about it.</summary>
    public IReadOnlyDictionary<string, JsonElement> Payload
    {
        get;
        init => field = value ?? JsonObjects.Empty;
    } = JsonObjects.Empty;

    /// <summary>The event that came before this one.</summary>
    public Guid? Follows { get; init; }

    /// <summary>The id in the resource's id; null when the resource is of another kind.</summary>
    /// <param name="resource">The resource's labels.</param>
    /// <param name="kind">The kind, as in <c>prefect.flow-run</c>.</param>
    public static Guid? ObjectId(IReadOnlyDictionary<string, string> resource, string kind)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return
            resource.TryGetValue(ResourceId, out var id)
            && id.StartsWith(kind + ".", StringComparison.Ordinal)
            && Guid.TryParse(id.AsSpan(kind.Length + 1), out var parsed)
            ? parsed
            : null;
    }

    /// <summary>The first related resource in a role; null for none.</summary>
    public IReadOnlyDictionary<string, string>? RelatedIn(string role) =>
        Related.FirstOrDefault(resource => resource.TryGetValue(ResourceRole, out var its) && its == role);
}
