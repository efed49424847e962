using System.Text.Json.Serialization;

namespace Serverless.Core.Filters;

/// <summary>How the criteria of a filter combine. A filter without any criterion matches everything.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Operator>))]
public enum Operator
{
    /// <summary>All must match.</summary>
    [JsonStringEnumMemberName("and_")]
    And,

    /// <summary>One must match.</summary>
    [JsonStringEnumMemberName("or_")]
    Or,
}
