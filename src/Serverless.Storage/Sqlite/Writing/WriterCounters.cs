using Serverless.Storage.Telemetry;

namespace Serverless.Storage.Sqlite;

/// <summary>What the writer counts, and the syncs of its log; each number is written by one thread alone, and read by any.</summary>
internal sealed class WriterCounters
{
    private long _commits;
    private long _conflicts;
    private long _groups;
    private long _failedGroups;
    private long _rows;
    private long _syncs;
    private long _syncTicks;
    private long _checkpoints;
    private long _failedCheckpoints;
    private long _checkpointTicks;

    public void GroupWritten(int commits)
    {
        Add(ref _commits, commits);
        Add(ref _groups, 1);
        StoreMetrics.GroupWritten(commits);
    }

    public void LogSynced(TimeSpan took)
    {
        Add(ref _syncs, 1);
        Add(ref _syncTicks, took.Ticks);
        StoreMetrics.Synced(took);
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

    public SqliteRowStoreStatistics Read() =>
        new(
            Volatile.Read(ref _commits),
            Volatile.Read(ref _conflicts),
            Volatile.Read(ref _groups),
            Volatile.Read(ref _failedGroups),
            Volatile.Read(ref _rows),
            Volatile.Read(ref _syncs),
            new TimeSpan(Volatile.Read(ref _syncTicks)),
            Volatile.Read(ref _checkpoints),
            Volatile.Read(ref _failedCheckpoints),
            new TimeSpan(Volatile.Read(ref _checkpointTicks))
        );

    private static void Add(ref long counter, long value) => Volatile.Write(ref counter, counter + value);
}
