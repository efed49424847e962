using System.Text.Json.Serialization;

namespace Serverless.Core.Filters;

/// <summary>Criteria on a time.</summary>
public sealed record TimeFilter
{
    /// <summary>At this time or before.</summary>
    [JsonPropertyName("before_")]
    public DateTimeOffset? Before { get; init; }

    /// <summary>At this time or after.</summary>
    [JsonPropertyName("after_")]
    public DateTimeOffset? After { get; init; }

    /// <summary>Whether there is none.</summary>
    [JsonPropertyName("is_null_")]
    public bool? IsNull { get; init; }

    internal bool Matches(DateTimeOffset? time) => Matches(time, time);

    /// <summary>For the start of flow runs: compares the expected start while there is no actual one.</summary>
    internal bool Matches(DateTimeOffset? time, DateTimeOffset? compared) =>
        Criteria
            .Of(Operator.And)
            .With(Before is null ? null : compared <= Before)
            .With(After is null ? null : compared >= After)
            .With(IsNull is null ? null : IsNull == (time is null))
            .Match;
}
