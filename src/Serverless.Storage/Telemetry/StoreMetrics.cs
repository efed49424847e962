using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Serverless.Storage.Telemetry;

/// <summary>What stores count and measure. Costs a look at a field while nobody listens.</summary>
internal static class StoreMetrics
{
    public const string Sqlite = "sqlite";
    public const string AzureTables = "azure_tables";

    private const string StoreAttribute = "serverless.store.kind";
    private const string OutcomeAttribute = "serverless.commit.outcome";

    private static readonly Meter Meter = new(ServerlessTelemetry.Name);

    // The meter's default boundaries are for milliseconds.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private static readonly InstrumentAdvice<int> Sizes = new()
    {
        HistogramBucketBoundaries = [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 100, 200, 500, 1000],
    };

    private static readonly Counter<long> Commits = Meter.CreateCounter<long>(
        "serverless.store.commits",
        "{commit}",
        "Commits that were answered."
    );

    private static readonly Histogram<int> CommitRows = Meter.CreateHistogram(
        "serverless.store.commit.rows",
        "{row}",
        "Row operations of a written commit, including derived rows.",
        tags: null,
        Sizes
    );

    private static readonly Histogram<double> CommitDuration = Meter.CreateHistogram(
        "serverless.store.commit.duration",
        "s",
        "Time that a caller waits until its commit is durable, or until it has its place in the log if the caller "
            + "waits for the disk later.",
        tags: null,
        Seconds
    );

    private static readonly Histogram<int> GroupCommits = Meter.CreateHistogram(
        "serverless.store.group.commits",
        "{commit}",
        "Commits that one SQLite transaction wrote together.",
        tags: null,
        Sizes
    );

    private static readonly Histogram<double> SyncDuration = Meter.CreateHistogram(
        "serverless.store.sync.duration",
        "s",
        "Time that the disk took to sync SQLite's log, with all earlier transactions.",
        tags: null,
        Seconds
    );

    /// <summary>The time to measure a commit from; 0 when nobody listens.</summary>
    public static long Start() => CommitDuration.Enabled ? Stopwatch.GetTimestamp() : 0;

    /// <summary>A commit was answered.</summary>
    /// <param name="store">Which store.</param>
    /// <param name="start">What <see cref="Start"/> gave.</param>
    /// <param name="rows">Its row operations.</param>
    /// <param name="result">The answer; null when it failed.</param>
    public static void Committed(string store, long start, int rows, CommitResult? result)
    {
        KeyValuePair<string, object?> kind = new(StoreAttribute, store);
        Commits.Add(
            1,
            kind,
            new(
                OutcomeAttribute,
                result switch
                {
                    null => "failed",
                    { Succeeded: true } => "written",
                    _ => "conflict",
                }
            )
        );
        if (result is { Succeeded: true })
        {
            CommitRows.Record(rows, kind);
        }

        if (start != 0)
        {
            CommitDuration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, kind);
        }
    }

    /// <summary>A SQLite transaction was written.</summary>
    public static void GroupWritten(int commits) => GroupCommits.Record(commits);

    /// <summary>SQLite's log was made durable.</summary>
    public static void Synced(TimeSpan took) => SyncDuration.Record(took.TotalSeconds);
}
