using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Serverless.Core.Models;

/// <summary>A schedule to give to a deployment.</summary>
/// <param name="Active">Whether the schedule creates runs.</param>
public sealed record DeploymentScheduleCreate(bool Active = true)
{
    /// <summary>A cron, interval or recurrence-rule schedule.</summary>
    public required JsonElement Schedule { get; init; }

    /// <summary>How many runs are created ahead at most; null for the scheduler's limit.</summary>
    [Range(1, int.MaxValue)]
    public int? MaxScheduledRuns { get; init; }

    /// <summary>Parameters that override the deployment's.</summary>
    public IReadOnlyDictionary<string, JsonElement> Parameters
    {
        get;
        init => field = value ?? JsonObjects.Empty;
    } = JsonObjects.Empty;

    /// <summary>A name unique within the deployment.</summary>
    public string? Slug { get; init; }

    /// <summary>The slug of the schedule that this one takes the place of, to give it another slug.</summary>
    public string? Replaces { get; init; }

    /// <summary>What happens about missed times; null for what Prefect does.</summary>
    public CatchUpPolicy? CatchUpPolicy { get; init; }

    /// <summary>Whether the schedule creates runs; true when not given.</summary>
    public bool Active { get; init; } = Active;
}
