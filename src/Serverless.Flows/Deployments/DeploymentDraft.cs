using System.Text.Json;

namespace Serverless.Flows;

/// <summary>What an attribute or a builder says of a deployment, before it is checked.</summary>
internal sealed class DeploymentDraft
{
    internal string? Name { get; set; }

    internal string? Description { get; set; }

    internal string? Version { get; set; }

    internal List<string> Tags { get; } = [];

    internal JsonElement? Parameters { get; set; }

    internal int? ConcurrencyLimit { get; set; }

    internal CollisionStrategy? CollisionStrategy { get; set; }

    internal TimeSpan? GracePeriod { get; set; }

    /// <summary>For the schedules that do not say it themselves.</summary>
    internal CatchUpPolicy CatchUp { get; set; }

    internal bool IsPaused { get; set; }

    internal List<ScheduleDraft> Schedules { get; } = [];

    /// <summary>What was wrong when it was said.</summary>
    internal List<string> Problems { get; } = [];
}
