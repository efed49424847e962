namespace Serverless.Server.Services;

/// <summary>How a service is, over all hosts, as <c>GET /api/admin/services</c> shows it.</summary>
public sealed record ServiceStatus
{
    /// <summary>The service.</summary>
    public required string Name { get; init; }

    /// <summary>What it does.</summary>
    public required string Does { get; init; }

    /// <summary>When its last run began; null when it never ran.</summary>
    public DateTimeOffset? LastRun { get; init; }

    /// <summary>Where that was: the machine and the process.</summary>
    public string? Host { get; init; }

    /// <summary>How long that run took.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>When the last run began that did something; null when there was none.</summary>
    public DateTimeOffset? DidAt { get; init; }

    /// <summary>What that run did.</summary>
    public string? Did { get; init; }

    /// <summary>To how many things.</summary>
    public int? Count { get; init; }

    /// <summary>Why a run failed last; stays when later runs work.</summary>
    public string? LastError { get; init; }

    /// <summary>When that run began.</summary>
    public DateTimeOffset? LastErrorAt { get; init; }

    /// <summary>Since when every run has failed; null when the last one worked.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>When it runs next; null when its host does not say.</summary>
    public DateTimeOffset? NextRun { get; init; }
}
