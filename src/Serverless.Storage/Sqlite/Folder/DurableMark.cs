using System.Diagnostics;

namespace Serverless.Storage.Sqlite;

/// <summary>
/// Writes a growing number into the database, in transactions that are written anyway, and once it is durable there into the folder's mark.
/// So the mark is never ahead of the database, and behind it by what was committed in the last moment before the process was killed. Writer
/// thread only.
/// </summary>
internal sealed class DurableMark : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _update;
    private readonly FolderMark _folder;
    private readonly LogFile _log;
    private readonly TimeSpan _interval;
    private long _value;
    private long _writtenAt;
    private bool _inTransaction;
    private bool _isBehind;

    /// <summary>Continues from what the database holds.</summary>
    public DurableMark(SqliteConnection connection, DataFolder folder, MarkRecord stored, SqliteDurability durability)
    {
        _connection = connection;
        _value = stored.Mark;

        // Each costs a page of the log and a sync, without which the mark could reach the disk before the log.
        _interval = TimeSpan.FromMilliseconds(durability is SqliteDurability.Full ? 100 : 1000);
        _update = connection.Prepare(SqliteSchema.WriteMark);
        try
        {
            // What a process before wrote and did not get to sync is in the log, too.
            _log = LogFile.Open(folder.Log);
            _log.Sync();
            _folder = FolderMark.Open(folder, stored);
        }
        catch
        {
            Dispose();
            throw;
        }

        _writtenAt = Stopwatch.GetTimestamp();
    }

    /// <summary>How long to wait for more commits before <see cref="CatchUp"/>; null when nothing is to be caught up with.</summary>
    public TimeSpan? Due => !_isBehind ? null : TimeSpan.FromTicks(Math.Max(0, (_interval - Stopwatch.GetElapsedTime(_writtenAt)).Ticks));

    /// <summary>Makes the log durable. Any thread.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public void SyncLog() => _log.Sync();

    /// <summary>Within the transaction of a group: adds the next number when it is time.</summary>
    public void BeforeCommit()
    {
        if (Stopwatch.GetElapsedTime(_writtenAt) >= _interval)
        {
            Update();
        }
    }

    /// <summary>The transaction is committed.</summary>
    public void AfterCommit()
    {
        _isBehind = !_inTransaction;
        if (_inTransaction)
        {
            _inTransaction = false;
            _value++;
            Publish();
        }
    }

    /// <summary>The transaction is not.</summary>
    public void RolledBack() => _inTransaction = false;

    /// <summary>Writes a number for commits that have none, in a transaction of its own.</summary>
    /// <exception cref="SqliteErrorException">It cannot be written now.</exception>
    public void CatchUp()
    {
        // Once for each burst, whether it works or not: a mark that is behind is still true.
        _isBehind = false;
        _writtenAt = Stopwatch.GetTimestamp();
        _connection.Execute("BEGIN IMMEDIATE");
        try
        {
            Update();
            _connection.Execute("COMMIT");
        }
        catch
        {
            RolledBack();
            if (_connection.InTransaction)
            {
                _connection.Execute("ROLLBACK");
            }

            throw;
        }

        AfterCommit();
    }

    public void Dispose()
    {
        _update.Dispose();
        _log?.Dispose();
        _folder?.Dispose();
    }

    private void Update()
    {
        _inTransaction = true;
        _update.BindInt64(1, _value + 1);
        _update.Execute();
    }

    private void Publish()
    {
        _writtenAt = Stopwatch.GetTimestamp();
        try
        {
            _log.Sync();
            _folder.Write(_value);
        }
        catch (IOException)
        {
            // The commits are as durable as they were; the folder knows a little less about them until the next number.
        }
    }
}
