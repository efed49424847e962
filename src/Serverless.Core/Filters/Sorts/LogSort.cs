using System.Text.Json.Serialization;
using Serverless.Core.Json;

namespace Serverless.Core.Filters;

/// <summary>
/// In which order log lines are listed; <see cref="TimestampAsc"/> when not given. Equals follow by id, in the same direction.
/// </summary>
[JsonConverter(typeof(WireEnumConverter<LogSort>))]
public enum LogSort
{
    /// <summary>Earliest first.</summary>
    TimestampAsc,

    /// <summary>Latest first.</summary>
    TimestampDesc,
}
