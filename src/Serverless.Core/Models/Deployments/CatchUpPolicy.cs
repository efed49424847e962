using System.Text.Json.Serialization;
using Serverless.Core.Json;

namespace Serverless.Core.Models;

/// <summary>
/// What a schedule does about times that it missed, because no host was there or the run could not begin. A time counts as missed when it
/// is more than a minute past. Ours; Prefect has no such setting, and behaves as a schedule without one.
/// </summary>
[JsonConverter(typeof(WireEnumConverter<CatchUpPolicy>))]
public enum CatchUpPolicy
{
    /// <summary>No missed time is run.</summary>
    Skip,

    /// <summary>Of the missed times only the newest is run.</summary>
    Latest,

    /// <summary>Every missed time is run, oldest first.</summary>
    All,
}
