using System.Text.Json.Serialization;
using Serverless.Core.Json;

namespace Serverless.Core.States;

/// <summary>The gate's answer to a proposed state.</summary>
[JsonConverter(typeof(WireEnumConverter<SetStateStatus>))]
public enum SetStateStatus
{
    /// <summary>The state was written.</summary>
    Accept,

    /// <summary>The state was refused; another may have been written in its place.</summary>
    Reject,

    /// <summary>The state was refused and the caller must stop working on the run.</summary>
    Abort,

    /// <summary>The state was refused for now: propose it again after a delay.</summary>
    Wait,
}
