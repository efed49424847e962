using System.Diagnostics;
using SQLitePCL;

namespace Serverless.Storage.Sqlite;

/// <summary>
/// Moves the log into the database, on the writer's connection only: before 3.51.3 SQLite can corrupt a log that
/// two connections reset at once (https://www.sqlite.org/wal.html#walresetbug). Writer thread only.
/// </summary>
internal sealed class Checkpointer(SqliteConnection connection, ReaderPool readers, int threshold, WriterCounters counters)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);
    private int _pages;

    /// <summary>Checkpoints when enough was written since the last time.</summary>
    public void AfterGroup()
    {
        _pages += connection.TakePagesWritten();
        if (_pages < threshold)
        {
            return;
        }

        _pages = 0;
        Run(raw.SQLITE_CHECKPOINT_PASSIVE, out var logPages);

        // The next commit starts the log over unless a reader is in it just then. Under constant reading that never
        // comes to pass (waiting for it in SQLite was measured to take half a second and more), so hold the readers
        // off for a moment. When one is slower than that, the next checkpoint tries again.
        if (logPages > 4 * threshold && readers.TryPause(LongestPause))
        {
            try
            {
                Run(raw.SQLITE_CHECKPOINT_RESTART, out _);
            }
            finally
            {
                readers.Resume();
            }
        }
    }

    /// <summary>Checkpoints though little was written since the last time.</summary>
    public void Now() => Run(raw.SQLITE_CHECKPOINT_PASSIVE, out _);

    /// <summary>Empties the log before the store closes, and lets SQLite delete it then; readers must be gone.</summary>
    public void AtClose()
    {
        Run(raw.SQLITE_CHECKPOINT_TRUNCATE, out _);
        connection.KeepLogOnClose(false);
    }

    private void Run(int mode, out int logPages)
    {
        var start = Stopwatch.GetTimestamp();
        var failed = false;
        try
        {
            _ = connection.TryCheckpoint(mode, out logPages);
        }
        catch (SqliteErrorException)
        {
            // Counted, not thrown: the commits are durable in the log, and the next checkpoint tries again.
            failed = true;
            logPages = 0;
        }

        counters.Checkpoint(failed, Stopwatch.GetElapsedTime(start));
    }
}
