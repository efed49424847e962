using System.Text.Json.Serialization;
using Serverless.Core.Models;

namespace Serverless.Core.Filters;

/// <summary>Criteria on who created a run.</summary>
public sealed record CreatedByFilter
{
    /// <summary>How the criteria below combine.</summary>
    public Operator Operator { get; init; }

    /// <summary>One of these creators.</summary>
    [JsonPropertyName("id_")]
    public IReadOnlyList<Guid>? Id { get; init; }

    /// <summary>One of these kinds of creators, such as <c>DEPLOYMENT</c>.</summary>
    [JsonPropertyName("type_")]
    public IReadOnlyList<string>? Type { get; init; }

    /// <summary>Whether it is unknown.</summary>
    [JsonPropertyName("is_null_")]
    public bool? IsNull { get; init; }

    internal bool Matches(CreatedBy? creator) =>
        Criteria
            .Of(Operator)
            .With(Id is null ? null : creator?.Id is { } id && Id.Contains(id))
            .With(Type is null ? null : creator?.Type is { } type && Type.Contains(type))
            .With(IsNull is null ? null : IsNull == (creator is null))
            .Match;
}
