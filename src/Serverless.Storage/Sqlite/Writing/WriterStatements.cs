namespace Serverless.Storage.Sqlite;

/// <summary>The writer's prepared statements of one table, each made when it is first used.</summary>
internal sealed class WriterStatements(SqliteConnection connection, string table) : IDisposable
{
    private SqliteStatement? _find;
    private SqliteStatement? _insert;
    private SqliteStatement? _upsert;
    private SqliteStatement? _update;
    private SqliteStatement? _delete;

    /// <summary>The ETag of a row, or 0 when there is none.</summary>
    public long FindETag(EncodedCommit commit, in EncodedOperation operation)
    {
        _find ??= connection.Prepare($"SELECT etag FROM \"{table}\" WHERE pk = ?1 AND rk = ?2");
        BindKey(_find, commit, operation);
        var etag = _find.Step() ? _find.Int64(0) : 0;
        _find.Reset();
        return etag;
    }

    public void Insert(EncodedCommit commit, in EncodedOperation operation, long etag)
    {
        _insert ??= connection.Prepare($"INSERT INTO \"{table}\" (pk, rk, etag, props) VALUES (?1, ?2, ?3, ?4)");
        Write(_insert, commit, operation, etag);
    }

    public void Upsert(EncodedCommit commit, in EncodedOperation operation, long etag)
    {
        _upsert ??= connection.Prepare($"INSERT OR REPLACE INTO \"{table}\" (pk, rk, etag, props) VALUES (?1, ?2, ?3, ?4)");
        Write(_upsert, commit, operation, etag);
    }

    public void Update(EncodedCommit commit, in EncodedOperation operation, long etag)
    {
        _update ??= connection.Prepare($"UPDATE \"{table}\" SET etag = ?3, props = ?4 WHERE pk = ?1 AND rk = ?2");
        Write(_update, commit, operation, etag);
    }

    public void Delete(EncodedCommit commit, in EncodedOperation operation)
    {
        _delete ??= connection.Prepare($"DELETE FROM \"{table}\" WHERE pk = ?1 AND rk = ?2");
        BindKey(_delete, commit, operation);
        _delete.Execute();
    }

    public void Dispose()
    {
        _find?.Dispose();
        _insert?.Dispose();
        _upsert?.Dispose();
        _update?.Dispose();
        _delete?.Dispose();
    }

    private static void Write(SqliteStatement statement, EncodedCommit commit, in EncodedOperation operation, long etag)
    {
        BindKey(statement, commit, operation);
        statement.BindInt64(3, etag);
        statement.BindBlob(4, commit[operation.Properties]);
        statement.Execute();
    }

    private static void BindKey(SqliteStatement statement, EncodedCommit commit, in EncodedOperation operation)
    {
        statement.BindText(1, commit[operation.Partition]);
        statement.BindText(2, commit[operation.Row]);
    }
}
