using System.Diagnostics;

namespace Serverless.Storage.Sqlite;

/// <summary>
/// Gives pages that deletions freed back to the file system, a few at a time between the groups (incremental vacuum). Some stay for what is
/// written next. Writer thread only.
/// </summary>
internal sealed class FreePages(SqliteConnection connection)
{
    /// <summary>Pages of a step: with the pages that move, about 2 MB of the log.</summary>
    private const int Step = 64;

    /// <summary>What always stays, and which part of the database stays besides.</summary>
    private const int Kept = 128;
    private const int KeptPart = 20;

    /// <summary>The least time between two steps, so that commits hardly notice.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private long _last = Stopwatch.GetTimestamp();
    private bool _mayHaveMore = true;

    /// <summary>
    /// How long until the next step; null when nothing was written since there was nothing to do. A store that was just opened looks, too.
    /// </summary>
    public TimeSpan? Due => _mayHaveMore ? TimeSpan.FromTicks(Math.Max(0, (Interval - Stopwatch.GetElapsedTime(_last)).Ticks)) : null;

    /// <summary>A group was written.</summary>
    public void AfterGroup() => _mayHaveMore = true;

    /// <summary>
    /// Takes a step if it is time for one. True when there is no more to do and something was done: the file gets shorter by the next
    /// checkpoint.
    /// </summary>
    /// <exception cref="SqliteErrorException">It cannot be written now; a later step tries again.</exception>
    public bool Run()
    {
        if (!_mayHaveMore || Stopwatch.GetElapsedTime(_last) < Interval)
        {
            return false;
        }

        _last = Stopwatch.GetTimestamp();
        _mayHaveMore = false;
        var surplus = connection.ReadInt64("PRAGMA freelist_count") - Math.Max(Kept, connection.ReadInt64("PRAGMA page_count") / KeptPart);
        if (surplus <= 0)
        {
            return false;
        }

        connection.Execute($"PRAGMA incremental_vacuum({Math.Min(Step, surplus)})");
        _mayHaveMore = surplus > Step;
        return !_mayHaveMore;
    }
}
