using System.Text;
using SQLitePCL;

namespace Serverless.Storage.Sqlite;

/// <summary>A prepared statement. Parameters count from 1, columns from 0, as in SQLite.</summary>
internal sealed class SqliteStatement(SqliteConnection connection, sqlite3_stmt handle) : IDisposable
{
    /// <summary>Binds text by its UTF-8 bytes, which SQLite copies.</summary>
    public void BindText(int index, ReadOnlySpan<byte> utf8)
    {
        // An empty span has no address, which version 2 of the provider would bind as NULL.
        Check(utf8.IsEmpty ? raw.sqlite3_bind_text(handle, index, string.Empty) : raw.sqlite3_bind_text(handle, index, utf8));
    }

    public void BindBlob(int index, ReadOnlySpan<byte> bytes) => Check(raw.sqlite3_bind_blob(handle, index, bytes));

    public void BindInt64(int index, long value) => Check(raw.sqlite3_bind_int64(handle, index, value));

    /// <summary>Binds a value that is above every text: an empty blob (SQLite orders text before blobs).</summary>
    public void BindAboveAllText(int index) => Check(raw.sqlite3_bind_zeroblob(handle, index, 0));

    public void BindNull(int index) => Check(raw.sqlite3_bind_null(handle, index));

    /// <summary>True when there is a row.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(handle);
        if (code is raw.SQLITE_ROW or raw.SQLITE_DONE)
        {
            return code == raw.SQLITE_ROW;
        }

        var error = connection.Error(code);
        Reset();
        throw error;
    }

    /// <summary>Runs a statement that answers no row.</summary>
    public void Execute()
    {
        _ = Step();
        Reset();
    }

    /// <summary>Ends the run, and with it the read transaction of a lone query.</summary>
    public void Reset() => _ = raw.sqlite3_reset(handle);

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public double Double(int column) => raw.sqlite3_column_double(handle, column);

    public long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    /// <summary>The bytes of a blob or of a text in UTF-8, valid until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(handle, column);

    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    public void Dispose() => handle.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw connection.Error(code);
        }
    }
}
