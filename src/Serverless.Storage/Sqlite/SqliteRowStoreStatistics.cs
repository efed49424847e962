namespace Serverless.Storage.Sqlite;

/// <summary>What a store has done since it was opened.</summary>
/// <param name="Commits">Commits answered, those in conflict included.</param>
/// <param name="Conflicts">Commits in conflict.</param>
/// <param name="Groups">Transactions written.</param>
/// <param name="FailedGroups">Transactions that failed as a whole.</param>
/// <param name="Rows">Operations applied, derived rows included.</param>
/// <param name="Syncs">Times the log was made durable, for all groups before; none at normal durability.</param>
/// <param name="SyncTime">Time spent on that.</param>
/// <param name="Checkpoints">Times the log was moved into the database.</param>
/// <param name="FailedCheckpoints">Those that failed; the log then grows until one succeeds, nothing is lost.</param>
/// <param name="CheckpointTime">Time spent on them; commits wait meanwhile.</param>
public sealed record SqliteRowStoreStatistics(
    long Commits,
    long Conflicts,
    long Groups,
    long FailedGroups,
    long Rows,
    long Syncs,
    TimeSpan SyncTime,
    long Checkpoints,
    long FailedCheckpoints,
    TimeSpan CheckpointTime
);
