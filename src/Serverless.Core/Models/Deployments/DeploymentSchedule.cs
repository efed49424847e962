using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Core.Models;

/// <summary>A schedule of a deployment.</summary>
/// <param name="Active">Whether the schedule creates runs.</param>
public sealed record DeploymentSchedule(bool Active = true)
{
    /// <summary>The id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Guid Id { get; init; }

    /// <summary>When it was first stored (UTC).</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it was last changed (UTC).</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>The deployment.</summary>
    public Guid? DeploymentId { get; init; }

    /// <summary>A cron, interval or recurrence-rule schedule.</summary>
    public required JsonElement Schedule { get; init; }

    /// <summary>How many runs are created ahead at most.</summary>
    public int? MaxScheduledRuns { get; init; }

    /// <summary>Parameters that override the deployment's.</summary>
    public IReadOnlyDictionary<string, JsonElement> Parameters
    {
        get;
        init => field = value ?? JsonObjects.Empty;
    } = JsonObjects.Empty;

    /// <summary>A name unique within the deployment.</summary>
    public string? Slug { get; init; }

    /// <summary>What happens about missed times; null for what Prefect does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CatchUpPolicy? CatchUpPolicy { get; init; }

    /// <summary>Whether the schedule creates runs; true when not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public bool Active { get; init; } = Active;
}
