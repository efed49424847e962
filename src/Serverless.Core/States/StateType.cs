using System.Text.Json.Serialization;
using Serverless.Core.Json;

namespace Serverless.Core.States;

/// <summary>What kind of state a run is in.</summary>
[JsonConverter(typeof(WireEnumConverter<StateType>))]
public enum StateType
{
    /// <summary>Due at a time.</summary>
    Scheduled,

    /// <summary>Handed to what will run it.</summary>
    Pending,

    /// <summary>Its code runs.</summary>
    Running,

    /// <summary>Final: it succeeded.</summary>
    Completed,

    /// <summary>Final: its code failed.</summary>
    Failed,

    /// <summary>Final: somebody stopped it.</summary>
    Cancelled,

    /// <summary>Final: what ran it failed.</summary>
    Crashed,

    /// <summary>Waiting for somebody to resume it.</summary>
    Paused,

    /// <summary>Being stopped.</summary>
    Cancelling,
}
