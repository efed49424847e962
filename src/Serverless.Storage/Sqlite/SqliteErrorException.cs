namespace Serverless.Storage.Sqlite;

/// <summary>A call of SQLite failed. Never leaves the store: callers see the public exceptions.</summary>
internal sealed class SqliteErrorException(int code, string message) : Exception($"{message} (SQLite error {code})")
{
    /// <summary>The extended result code.</summary>
    public int Code { get; } = code;

    /// <summary>The result code without its extension.</summary>
    public int PrimaryCode => Code & 0xFF;
}
