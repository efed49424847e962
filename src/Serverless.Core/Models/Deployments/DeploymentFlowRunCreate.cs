using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Serverless.Core.States;
using Serverless.Core.Validation;

namespace Serverless.Core.Models;

/// <summary>Body of <c>POST /deployments/{id}/create_flow_run</c>.</summary>
public sealed record DeploymentFlowRunCreate
{
    /// <summary>The first state; null for Scheduled now.</summary>
    public ProposedState? State { get; init; }

    /// <summary>The run's name; null for a generated one.</summary>
    public string? Name { get; init; }

    /// <summary>Parameters that override the deployment's.</summary>
    public IReadOnlyDictionary<string, JsonElement> Parameters
    {
        get;
        init => field = value ?? JsonObjects.Empty;
    } = JsonObjects.Empty;

    /// <summary>Overrides the deployment's setting; null to keep it.</summary>
    public bool? EnforceParameterSchema { get; init; }

    /// <summary>Whatever the creator wants to keep with the run.</summary>
    public IReadOnlyDictionary<string, JsonElement> Context
    {
        get;
        init => field = value ?? JsonObjects.Empty;
    } = JsonObjects.Empty;

    /// <summary>The block document with the infrastructure to use.</summary>
    public Guid? InfrastructureDocumentId { get; init; }

    /// <summary>Retries.</summary>
    public FlowRunPolicy EmpiricalPolicy
    {
        get;
        init => field = value ?? FlowRunPolicy.Empty;
    } = FlowRunPolicy.Empty;

    /// <summary>Tags besides the deployment's.</summary>
    [MaxLength(WireLimits.Tags)]
    public IReadOnlyList<string> Tags
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Creating again with the same key and deployment gives the run that exists.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Labels besides the deployment's.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Labels { get; init; }

    /// <summary>For a subflow: the task run of the parent flow that stands for it.</summary>
    public Guid? ParentTaskRunId { get; init; }

    /// <summary>The work queue the run waits in instead of the deployment's.</summary>
    public string? WorkQueueName { get; init; }

    /// <summary>Overrides of the infrastructure's variables.</summary>
    public IReadOnlyDictionary<string, JsonElement>? JobVariables { get; init; }
}
