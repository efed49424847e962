using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Core.Models;

/// <summary>A flow: a name under which runs and deployments are found.</summary>
public sealed record Flow
{
    /// <summary>The id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Guid Id { get; init; }

    /// <summary>When it was first stored (UTC).</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it was last changed (UTC).</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>The flow's unique name.</summary>
    public required string Name { get; init; }

    /// <summary>The flow's tags.</summary>
    public IReadOnlyList<string> Tags
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>The flow's labels: strings, numbers or booleans by name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Labels
    {
        get;
        init => field = value ?? JsonObjects.Empty;
    } = JsonObjects.Empty;
}
