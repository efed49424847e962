using System.Text.Json.Serialization;
using Serverless.Core.Json;

namespace Serverless.Core.Filters;

/// <summary>
/// In which order flow runs are listed; <see cref="IdDesc"/> when not given. Equals follow by id, in the same direction.
/// </summary>
[JsonConverter(typeof(WireEnumConverter<FlowRunSort>))]
public enum FlowRunSort
{
    /// <summary>By id, newest first.</summary>
    IdDesc,

    /// <summary>By (expected) start, earliest first.</summary>
    StartTimeAsc,

    /// <summary>By (expected) start, latest first.</summary>
    StartTimeDesc,

    /// <summary>By expected start, earliest first.</summary>
    ExpectedStartTimeAsc,

    /// <summary>By expected start, latest first.</summary>
    ExpectedStartTimeDesc,

    /// <summary>By name.</summary>
    NameAsc,

    /// <summary>By name, backwards.</summary>
    NameDesc,

    /// <summary>By due time, earliest first.</summary>
    NextScheduledStartTimeAsc,

    /// <summary>By end, latest first.</summary>
    EndTimeDesc,
}
