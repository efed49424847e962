using System.Text.Json;
using Serverless.Core.Models;

namespace Serverless.Flows;

/// <summary>A schedule that code declares for a deployment. Whether its expression and its zone mean something, the server tells.</summary>
public abstract record ScheduleDefinition
{
    private protected ScheduleDefinition() { }

    /// <summary>
    /// Its name, unique within the deployment; without one of its own, its kind, followed by a number for all but the first of a kind.
    /// </summary>
    public string Slug { get; internal init; } = "";

    /// <summary>The IANA name of the zone whose clock it goes by; null for UTC.</summary>
    public string? TimeZone { get; internal init; }

    /// <summary>Parameters that override the deployment's, by their names on the wire.</summary>
    public IReadOnlyDictionary<string, JsonElement> Parameters { get; internal init; } = JsonObjects.Empty;

    /// <summary>The most runs that it has created ahead; null for the server's limit.</summary>
    public int? MaxScheduledRuns { get; internal init; }

    /// <summary>What happens to times that passed while no host was running.</summary>
    public CatchUpPolicy CatchUp { get; internal init; }

    /// <summary>Whether it creates runs when it is first stored.</summary>
    public bool IsActive { get; internal init; } = true;

    /// <summary>The slug of a schedule that has none of its own.</summary>
    internal abstract string Kind { get; }
}
