using System.Text.Json;

namespace Serverless.Flows;

/// <summary>A deployment that code declares for a flow.</summary>
public sealed record DeploymentDefinition
{
    internal DeploymentDefinition(string name) => Name = name;

    /// <summary>The name, unique within the flow.</summary>
    public string Name { get; }

    /// <summary>Markdown about it; null for none.</summary>
    public string? Description { get; internal init; }

    /// <summary>Its version; null for none.</summary>
    public string? Version { get; internal init; }

    /// <summary>The flow's tags and its own.</summary>
    public IReadOnlyList<string> Tags { get; internal init; } = [];

    /// <summary>Parameters of its runs, by their names on the wire; null when code says nothing of them.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Parameters { get; internal init; }

    /// <summary>How many runs may be active at once; null when code says nothing of it.</summary>
    public int? ConcurrencyLimit { get; internal init; }

    /// <summary>What happens to a run beyond the limit.</summary>
    public CollisionStrategy CollisionStrategy { get; internal init; }

    /// <summary>How long a run may take to start before its place under the limit is given up; null for the server's default.</summary>
    public TimeSpan? GracePeriod { get; internal init; }

    /// <summary>Whether it is paused when it is first stored.</summary>
    public bool IsPaused { get; internal init; }

    /// <summary>When runs are created.</summary>
    public IReadOnlyList<ScheduleDefinition> Schedules { get; internal init; } = [];
}
