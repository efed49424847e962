using System.Text.Json.Serialization;

namespace Serverless.Core.Models;

/// <summary>A set of filters with a name, which Prefect's pages keep for people.</summary>
public sealed record SavedSearch
{
    /// <summary>The id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Guid Id { get; init; }

    /// <summary>When it was first stored (UTC).</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it was last changed (UTC).</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>The unique name.</summary>
    public required string Name { get; init; }

    /// <summary>The filters. They mean something to the pages only.</summary>
    public IReadOnlyList<SavedSearchFilter> Filters
    {
        get;
        init => field = value ?? [];
    } = [];
}
