using Serverless.Storage;

namespace Serverless.Server.Services;

/// <summary>What is stored of a service: its last run, the last that did something, and the last that failed.</summary>
internal sealed record ServiceRecord
{
    public const string Table = "services";

    /// <summary>One partition: all of them are read at once.</summary>
    public const string Partition = "all";

    public DateTimeOffset LastRun { get; init; }

    public string? Host { get; init; }

    public double DurationSeconds { get; init; }

    public DateTimeOffset? NextRun { get; init; }

    public DateTimeOffset? DidAt { get; init; }

    public string? Did { get; init; }

    public int? Count { get; init; }

    public string? LastError { get; init; }

    public DateTimeOffset? LastErrorAt { get; init; }

    public DateTimeOffset? FailingSince { get; init; }

    public static RowAddress Address(string name) => new(Table, Partition, name);

    public static ServiceRecord From(Row row) =>
        new()
        {
            LastRun = row.Properties.Get<DateTimeOffset>("run"),
            Host = row.Properties.Get<string>("host"),
            DurationSeconds = row.Properties.Get<double>("seconds"),
            NextRun = row.Properties.Get<DateTimeOffset?>("next"),
            DidAt = row.Properties.Get<DateTimeOffset?>("did-at"),
            Did = row.Properties.Get<string>("did"),
            Count = row.Properties.Get<int?>("count"),
            LastError = row.Properties.Get<string>("error"),
            LastErrorAt = row.Properties.Get<DateTimeOffset?>("error-at"),
            FailingSince = row.Properties.Get<DateTimeOffset?>("failing-since"),
        };

    public RowProperties Properties() =>
        new()
        {
            { "run", LastRun },
            { "host", Host },
            { "seconds", DurationSeconds },
            { "next", NextRun },
            { "did-at", DidAt },
            { "did", Did },
            { "count", Count },
            { "error", LastError },
            { "error-at", LastErrorAt },
            { "failing-since", FailingSince },
        };

    /// <summary>What two hosts know of a service, put together: of each thing the newer.</summary>
    public static ServiceRecord? Merge(ServiceRecord? one, ServiceRecord? other)
    {
        if (one is null || other is null)
        {
            return one ?? other;
        }

        var (newer, older) = one.LastRun >= other.LastRun ? (one, other) : (other, one);
        if ((older.DidAt ?? DateTimeOffset.MinValue) > (newer.DidAt ?? DateTimeOffset.MinValue))
        {
            newer = newer with { DidAt = older.DidAt, Did = older.Did, Count = older.Count };
        }

        if ((older.LastErrorAt ?? DateTimeOffset.MinValue) > (newer.LastErrorAt ?? DateTimeOffset.MinValue))
        {
            newer = newer with { LastError = older.LastError, LastErrorAt = older.LastErrorAt };
        }

        return newer.FailingSince is { } since && older.FailingSince < since ? newer with { FailingSince = older.FailingSince } : newer;
    }

    /// <summary>The same after a run that worked.</summary>
    public ServiceRecord AfterWork(ServiceOutcome outcome) =>
        (outcome.Count > 0 ? this with { DidAt = LastRun, Did = outcome.Text, Count = outcome.Count } : this) with
        {
            FailingSince = null,
        };

    /// <summary>The same after a run that failed.</summary>
    public ServiceRecord AfterFailure(string error) =>
        this with
        {
            LastError = error,
            LastErrorAt = LastRun,
            FailingSince = FailingSince ?? LastRun,
        };

    public ServiceStatus StatusOf(ServiceInfo service) =>
        new()
        {
            Name = service.Name,
            Does = service.Does,
            LastRun = LastRun,
            Host = Host,
            DurationSeconds = DurationSeconds,
            NextRun = NextRun,
            DidAt = DidAt,
            Did = Did,
            Count = Count,
            LastError = LastError,
            LastErrorAt = LastErrorAt,
            FailingSince = FailingSince,
        };
}
