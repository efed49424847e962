namespace Serverless.Storage.Sqlite;

/// <summary>A reader's prepared statements of one table, each made when it is first used.</summary>
internal sealed class ReaderStatements(SqliteConnection connection, string table) : IDisposable
{
    private SqliteStatement? _get;
    private SqliteStatement? _scanPartition;
    private SqliteStatement? _scanTable;
    private SqliteStatement? _nextPartition;

    /// <summary>1 partition, 2 row: ETag and properties.</summary>
    public SqliteStatement Get => _get ??= connection.Prepare($"SELECT etag, props FROM \"{table}\" WHERE pk = ?1 AND rk = ?2");

    /// <summary>1 partition, 2 first row, 3 end of rows (exclusive), 4 limit: keys, ETag and properties in order.</summary>
    public SqliteStatement ScanPartition =>
        _scanPartition ??= connection.Prepare(
            $"SELECT pk, rk, etag, props FROM \"{table}\" WHERE pk = ?1 AND rk >= ?2 AND rk < ?3 ORDER BY rk LIMIT ?4"
        );

    /// <summary>1 and 2 first key, 3 last partition (inclusive), 4 limit: keys, ETag and properties in order.</summary>
    public SqliteStatement ScanTable =>
        _scanTable ??= connection.Prepare(
            $"SELECT pk, rk, etag, props FROM \"{table}\" WHERE (pk, rk) >= (?1, ?2) AND pk <= ?3 ORDER BY pk, rk LIMIT ?4"
        );

    /// <summary>1 first partition, 2 last partition (inclusive): the first partition of them that has rows.</summary>
    public SqliteStatement NextPartition =>
        _nextPartition ??= connection.Prepare($"SELECT pk FROM \"{table}\" WHERE pk >= ?1 AND pk <= ?2 ORDER BY pk LIMIT 1");

    public void Dispose()
    {
        _get?.Dispose();
        _scanPartition?.Dispose();
        _scanTable?.Dispose();
        _nextPartition?.Dispose();
    }
}
