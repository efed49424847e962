using Serverless.Storage.Telemetry;

namespace Serverless.Storage.Sqlite;

/// <summary>What the writer counts; written by its thread alone, read by any.</summary>
internal sealed class WriterCounters
{
    private long _commits;
    private long _conflicts;
    private long _groups;
    private long _failedGroups;
    private long _rows;
    private long _commitTicks;
    private long _checkpoints;
    private long _failedCheckpoints;
    private long _checkpointTicks;

    public void GroupWritten(int commits, TimeSpan syncTime)
    {
        Add(ref _commits, commits);
        Add(ref _groups, 1);
        Add(ref _commitTicks, syncTime.Ticks);
        StoreMetrics.Synced(commits, syncTime);
    }

    public void GroupFailed() => Add(ref _failedGroups, 1);

    public void Conflict() => Add(ref _conflicts, 1);

    public void RowsWritten(int rows) => Add(ref _rows, rows);

    public void Checkpoint(bool failed, TimeSpan time)
    {
        Add(ref _checkpoints, 1);
        Add(ref _failedCheckpoints, failed ? 1 : 0);
        Add(ref _checkpointTicks, time.Ticks);
    }

    public SqliteRowStoreStatistics Read() => new(
        Volatile.Read(ref _commits),
        Volatile.Read(ref _conflicts),
        Volatile.Read(ref _groups),
        Volatile.Read(ref _failedGroups),
        Volatile.Read(ref _rows),
        new TimeSpan(Volatile.Read(ref _commitTicks)),
        Volatile.Read(ref _checkpoints),
        Volatile.Read(ref _failedCheckpoints),
        new TimeSpan(Volatile.Read(ref _checkpointTicks)));

    private static void Add(ref long counter, long value) => Volatile.Write(ref counter, counter + value);
}
