namespace Serverless.Storage.Sqlite;

/// <summary>
/// Store-wide increasing numbers for ETags that never repeat, not after a restart or a deletion either. Numbers are
/// reserved in blocks by a row that is written with the commits that use them. Writer thread only.
/// </summary>
internal sealed class ETagSequence
{
    private const long Block = 1_000_000;
    private readonly SqliteConnection _connection;
    private long _last;
    private long _reserved;
    private long _durablyReserved;

    /// <summary>
    /// Continues after the last block reserved and reserves the first one, which also proves that the file can be written.
    /// </summary>
    public ETagSequence(SqliteConnection connection)
    {
        _connection = connection;
        _last = _reserved = connection.ReadInt64(SqliteSchema.ReadETagReservation);
        Reserve();
        GroupCommitted();
    }

    /// <summary>The next number, within a transaction.</summary>
    public long Next()
    {
        if (_last == _reserved)
        {
            Reserve();
        }

        return ++_last;
    }

    public void GroupCommitted() => _durablyReserved = _reserved;

    /// <summary>The reservation went with the transaction; numbers given out in it are skipped or reserved again.</summary>
    public void GroupRolledBack()
    {
        if (_reserved != _durablyReserved)
        {
            _reserved = _last;
        }
    }

    private void Reserve()
    {
        _connection.Execute(SqliteSchema.WriteETagReservation(_last + Block));
        _reserved = _last + Block;
    }
}
