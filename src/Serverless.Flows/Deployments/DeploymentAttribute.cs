using System.Diagnostics.CodeAnalysis;

namespace Serverless.Flows;

/// <summary>
/// Declares a deployment of the flow, with at most one schedule: <c>Cron</c>, <c>IntervalSeconds</c> or <c>RRule</c>. A flow can have
/// several deployments, each with a name of its own. For several schedules use <see cref="FlowRegistration.WithDeployment"/>.
/// </summary>
/// <param name="name">The deployment's name, unique within the flow; not empty, and without <c>/ % &amp; &gt; &lt;</c>. One named
/// <c>default</c> takes the place of the deployment that every flow has.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class DeploymentAttribute(string name) : Attribute
{
    /// <summary>The deployment's name.</summary>
    public string Name { get; } = name;

    /// <summary>A cron expression, such as <c>0 2 * * *</c>; null for none.</summary>
    public string? Cron { get; set; }

    /// <summary>Seconds between two runs, 0.001 or more.</summary>
    public double IntervalSeconds
    {
        get => Interval ?? 0;
        set => Interval = value;
    }

    /// <summary>
    /// One of the times of the interval, in ISO 8601 with an offset; null for midnight of 2020-01-01 in <see cref="TimeZone"/>.
    /// </summary>
    public string? AnchorDate { get; set; }

    /// <summary>Recurrence rules of RFC 5545, such as <c>FREQ=WEEKLY;BYDAY=MO</c>; null for none.</summary>
    public string? RRule { get; set; }

    /// <summary>The IANA name of the zone whose clock the schedule goes by, such as <c>Europe/Berlin</c>; null for UTC.</summary>
    public string? TimeZone { get; set; }

    /// <summary>The schedule's name within the deployment; null for its kind: <c>cron</c>, <c>interval</c> or <c>rrule</c>.</summary>
    public string? Slug { get; set; }

    /// <summary>What happens to times of the schedule that passed while no host was running.</summary>
    public CatchUpPolicy CatchUp { get; set; }

    /// <summary>The most runs that the schedule has created ahead; 0 for the server's limit.</summary>
    public int MaxScheduledRuns { get; set; }

    /// <summary>Parameters of the deployment's runs: a JSON object; null for none.</summary>
    [StringSyntax(StringSyntaxAttribute.Json)]
    public string? Parameters { get; set; }

    /// <summary>Markdown about the deployment; null for the flow's description.</summary>
    public string? Description { get; set; }

    /// <summary>The deployment's version; null for the flow's.</summary>
    public string? Version { get; set; }

    /// <summary>Tags of the deployment and its runs, beside the flow's.</summary>
    public string[] Tags { get; set; } = [];

    /// <summary>How many runs may be active at once, 1 or more; any number unless set.</summary>
    public int ConcurrencyLimit
    {
        get => Limit ?? 0;
        set => Limit = value;
    }

    /// <summary>What happens to a run beyond <see cref="ConcurrencyLimit"/>.</summary>
    public CollisionStrategy CollisionStrategy
    {
        get => Strategy ?? default;
        set => Strategy = value;
    }

    /// <summary>Whether the deployment is paused when it is first stored: its schedule creates no runs until somebody resumes it.</summary>
    public bool Paused { get; set; }

    internal double? Interval { get; private set; }

    internal int? Limit { get; private set; }

    internal CollisionStrategy? Strategy { get; private set; }
}
