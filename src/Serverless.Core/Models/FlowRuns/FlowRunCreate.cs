using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Core.States;
using Serverless.Core.Validation;

namespace Serverless.Core.Models;

/// <summary>Body of <c>POST /flow_runs/</c>.</summary>
public sealed record FlowRunCreate
{
    /// <summary>The first state; null for Pending.</summary>
    public ProposedState? State { get; init; }

    /// <summary>The run's name; null for a generated one.</summary>
    public string? Name { get; init; }

    /// <summary>The flow to run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Guid FlowId { get; init; }

    /// <summary>The version of the flow's code.</summary>
    public string? FlowVersion { get; init; }

    /// <summary>The flow's parameters by name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Parameters
    {
        get;
        init => field = value ?? JsonObjects.Empty;
    } = JsonObjects.Empty;

    /// <summary>Whatever the creator wants to keep with the run.</summary>
    public IReadOnlyDictionary<string, JsonElement> Context
    {
        get;
        init => field = value ?? JsonObjects.Empty;
    } = JsonObjects.Empty;

    /// <summary>For a subflow: the task run of the parent flow that stands for it.</summary>
    public Guid? ParentTaskRunId { get; init; }

    /// <summary>The block document with the infrastructure to use.</summary>
    public Guid? InfrastructureDocumentId { get; init; }

    /// <summary>Retries.</summary>
    public FlowRunPolicy EmpiricalPolicy
    {
        get;
        init => field = value ?? FlowRunPolicy.Empty;
    } = FlowRunPolicy.Empty;

    /// <summary>The run's tags.</summary>
    [MaxLength(WireLimits.Tags)]
    public IReadOnlyList<string> Tags
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>The run's labels.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Labels { get; init; }

    /// <summary>Creating again with the same key and flow gives the run that exists.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The work pool the run belongs to.</summary>
    public string? WorkPoolName { get; init; }

    /// <summary>The work queue the run waits in.</summary>
    public string? WorkQueueName { get; init; }

    /// <summary>Overrides of the infrastructure's variables.</summary>
    public IReadOnlyDictionary<string, JsonElement>? JobVariables { get; init; }

    /// <summary>The deployment that the run is created from.</summary>
    public Guid? DeploymentId { get; init; }
}
