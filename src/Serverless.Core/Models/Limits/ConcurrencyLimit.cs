using System.Text.Json.Serialization;

namespace Serverless.Core.Models;

/// <summary>A limit on how many task runs with a tag may run at once, as the first version of Prefect's operations shows it.</summary>
public sealed record ConcurrencyLimit
{
    /// <summary>The id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Guid Id { get; init; }

    /// <summary>When it was first stored (UTC).</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it was last changed (UTC).</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>The tag.</summary>
    public required string Tag { get; init; }

    /// <summary>How many slots there are.</summary>
    [JsonPropertyName("concurrency_limit")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required int Limit { get; init; }

    /// <summary>The task runs that hold a slot.</summary>
    public IReadOnlyList<Guid> ActiveSlots
    {
        get;
        init => field = value ?? [];
    } = [];
}
