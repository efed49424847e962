using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Serverless.Core.Models;

/// <summary>A change of a deployment's schedule. A member that is null or not there leaves the schedule as it is.</summary>
public sealed record DeploymentScheduleUpdate
{
    /// <summary>Whether the schedule creates runs.</summary>
    public bool? Active { get; init; }

    /// <summary>A cron, interval or recurrence-rule schedule.</summary>
    public JsonElement? Schedule { get; init; }

    /// <summary>How many runs are created ahead at most.</summary>
    [Range(1, int.MaxValue)]
    public int? MaxScheduledRuns { get; init; }

    /// <summary>Parameters that override the deployment's.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Parameters { get; init; }

    /// <summary>A name unique within the deployment.</summary>
    public string? Slug { get; init; }

    /// <summary>The slug of the schedule that is meant, to give it another slug. Only in the body of a deployment's change.</summary>
    public string? Replaces { get; init; }

    /// <summary>What happens about missed times.</summary>
    public CatchUpPolicy? CatchUpPolicy { get; init; }
}
