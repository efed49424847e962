using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Core.Validation;

namespace Serverless.Core.Models;

/// <summary>
/// Body of <c>PATCH /flow_runs/{id}</c>. A member that the body does not have changes nothing, and neither does null unless its text says
/// so.
/// </summary>
public sealed record FlowRunUpdate
{
    /// <summary>The run's name; null or nothing for a generated one.</summary>
    public string? Name
    {
        get;
        set
        {
            field = value;
            HasName = true;
        }
    }

    /// <summary>The version of the flow's code; null for none.</summary>
    public string? FlowVersion
    {
        get;
        set
        {
            field = value;
            HasFlowVersion = true;
        }
    }

    /// <summary>The flow's parameters by name, in place of those that the run has.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Parameters { get; init; }

    /// <summary>Retries, in place of those that the run has.</summary>
    public FlowRunPolicy? EmpiricalPolicy { get; init; }

    /// <summary>The run's tags, in place of those that it has.</summary>
    [MaxLength(WireLimits.Tags)]
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>The id of the running infrastructure, as its owner knows it; null for none.</summary>
    public string? InfrastructurePid
    {
        get;
        set
        {
            field = value;
            HasInfrastructurePid = true;
        }
    }

    /// <summary>Overrides of the infrastructure's variables, in place of those that the run has.</summary>
    public IReadOnlyDictionary<string, JsonElement>? JobVariables { get; init; }

    /// <summary>True when the body has a name.</summary>
    [JsonIgnore]
    public bool HasName { get; private set; }

    private bool HasFlowVersion { get; set; }

    private bool HasInfrastructurePid { get; set; }

    /// <summary>The run with the changes, but for its name.</summary>
    public FlowRun ApplyTo(FlowRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run with
        {
            FlowVersion = HasFlowVersion ? FlowVersion : run.FlowVersion,
            Parameters = Parameters ?? run.Parameters,
            EmpiricalPolicy = EmpiricalPolicy ?? run.EmpiricalPolicy,
            Tags = Tags is null ? run.Tags : [.. Tags.Distinct()],
            InfrastructurePid = HasInfrastructurePid ? InfrastructurePid : run.InfrastructurePid,
            JobVariables = JobVariables ?? run.JobVariables,
        };
    }
}
