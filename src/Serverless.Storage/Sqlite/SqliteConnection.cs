using System.Text;
using SQLitePCL;

namespace Serverless.Storage.Sqlite;

/// <summary>One connection, used by one thread at a time. All methods throw <see cref="SqliteErrorException"/>.</summary>
internal sealed class SqliteConnection : IDisposable
{
    /// <summary>How long a call waits for a lock of a foreign tool (a backup, a shell); the store's own never compete.</summary>
    private const int BusyMilliseconds = 5000;

    private readonly sqlite3 _handle;

    static SqliteConnection() => Batteries_V2.Init();

    private SqliteConnection(sqlite3 handle) => _handle = handle;

    /// <summary>True between a BEGIN and its end, which may have come by an error.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>How many rows the last statement wrote.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    public static SqliteConnection Open(string path, bool readOnly)
    {
        var flags = raw.SQLITE_OPEN_NOMUTEX | (readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);
        var code = raw.sqlite3_open_v2(path, out var handle, flags, null);
        SqliteConnection connection = new(handle);
        if (code != raw.SQLITE_OK)
        {
            using (connection)
            {
                throw connection.Error(code);
            }
        }

        _ = raw.sqlite3_extended_result_codes(handle, 1);
        _ = raw.sqlite3_busy_timeout(handle, BusyMilliseconds);
        return connection;
    }

    public void Execute(string sql)
    {
        var code = raw.sqlite3_exec(_handle, sql);
        if (code != raw.SQLITE_OK)
        {
            throw Error(code);
        }
    }

    public SqliteStatement Prepare(string sql)
    {
        var code = raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement);
        return code == raw.SQLITE_OK ? new SqliteStatement(this, statement) : throw Error(code);
    }

    public long ReadInt64(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Int64(0) : throw new SqliteErrorException(raw.SQLITE_CORRUPT, $"no answer to '{sql}'");
    }

    public string ReadText(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Text(0) : throw new SqliteErrorException(raw.SQLITE_CORRUPT, $"no answer to '{sql}'");
    }

    /// <summary>Moves the log into the database; false when other connections kept it from finishing. Waits for none.</summary>
    /// <param name="mode">One of SQLITE_CHECKPOINT_.</param>
    /// <param name="logPages">Pages in the log.</param>
    public bool TryCheckpoint(int mode, out int logPages)
    {
        _ = raw.sqlite3_busy_timeout(_handle, 0);
        var code = raw.sqlite3_wal_checkpoint_v2(_handle, "main", mode, out logPages, out var moved);
        _ = raw.sqlite3_busy_timeout(_handle, BusyMilliseconds);
        return (code & 0xFF) switch
        {
            raw.SQLITE_OK => moved == logPages,
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => false,
            _ => throw Error(code),
        };
    }

    /// <summary>Whether closing the last connection leaves the log as it is, instead of emptying and deleting it.</summary>
    public void KeepLogOnClose(bool keep)
    {
        var code = raw.sqlite3_db_config(_handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep ? 1 : 0, out _);
        if (code != raw.SQLITE_OK)
        {
            throw Error(code);
        }
    }

    /// <summary>Ends what runs, with SQLITE_INTERRUPT, when the condition holds; until the answer is disposed.</summary>
    /// <param name="steps">How many steps of SQLite's machine lie between two looks.</param>
    /// <param name="condition">The condition.</param>
    public IDisposable InterruptWhen(int steps, Func<bool> condition)
    {
        raw.sqlite3_progress_handler(_handle, steps, _ => condition() ? 1 : 0, null);
        return new Handler(_handle);
    }

    /// <summary>Adds a function of a number and a text, which may be null, to those that statements can call. It must not throw.</summary>
    public void AddFunction(string name, Func<long, string?, bool> function)
    {
        var code = raw.sqlite3_create_function(
            _handle,
            name,
            2,
            raw.SQLITE_UTF8 | raw.SQLITE_DETERMINISTIC,
            null,
            (context, _, arguments) =>
            {
                // The bytes of the text: as a C string it would end at its first null character.
                var text =
                    raw.sqlite3_value_type(arguments[1]) == raw.SQLITE_NULL
                        ? null
                        : Encoding.UTF8.GetString(raw.sqlite3_value_blob(arguments[1]));
                raw.sqlite3_result_int(context, function(raw.sqlite3_value_int64(arguments[0]), text) ? 1 : 0);
            }
        );
        if (code != raw.SQLITE_OK)
        {
            throw Error(code);
        }
    }

    /// <summary>The number of pages written since the last call.</summary>
    public int TakePagesWritten()
    {
        var code = raw.sqlite3_db_status(_handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, 1);
        return code == raw.SQLITE_OK ? pages : throw Error(code);
    }

    public SqliteErrorException Error(int code) => new(code, raw.sqlite3_errmsg(_handle).utf8_to_string());

    // Statements that are still open keep the handle alive until they are finalized.
    public void Dispose() => _ = raw.sqlite3_close_v2(_handle);

    private sealed class Handler(sqlite3 handle) : IDisposable
    {
        public void Dispose() => raw.sqlite3_progress_handler(handle, 0, null, null);
    }
}
