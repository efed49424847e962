using System.Text.Json.Serialization;
using Serverless.Core.Json;

namespace Serverless.Core.Filters;

/// <summary>In which order events are listed.</summary>
[JsonConverter(typeof(WireEnumConverter<EventOrder>))]
public enum EventOrder
{
    /// <summary>Latest first.</summary>
    Desc,

    /// <summary>Earliest first.</summary>
    Asc,
}
