using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Core.Models;

/// <summary>One filter of a <see cref="SavedSearch"/>.</summary>
public sealed record SavedSearchFilter
{
    /// <summary>What is searched, such as <c>flow_run</c>.</summary>
    [JsonPropertyName("object")]
    public required string Subject { get; init; }

    /// <summary>Which property of it.</summary>
    public required string Property { get; init; }

    /// <summary>The type of the property.</summary>
    public required string Type { get; init; }

    /// <summary>How it is compared, such as <c>equals</c>.</summary>
    public required string Operation { get; init; }

    /// <summary>With what: any JSON, null included.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required JsonElement? Value { get; init; }
}
