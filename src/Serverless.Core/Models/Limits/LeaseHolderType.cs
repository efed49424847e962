using System.Text.Json.Serialization;

namespace Serverless.Core.Models;

/// <summary>What a client takes slots for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LeaseHolderType>))]
public enum LeaseHolderType
{
    /// <summary>A flow run.</summary>
    [JsonStringEnumMemberName("flow_run")]
    FlowRun,

    /// <summary>A task run.</summary>
    [JsonStringEnumMemberName("task_run")]
    TaskRun,

    /// <summary>A deployment.</summary>
    [JsonStringEnumMemberName("deployment")]
    Deployment,
}
