using System.Diagnostics;
using System.Text;
using Serverless.Storage.Columns;

namespace Serverless.Storage.Sqlite;

/// <summary>How values of columns go to SQLite and come back.</summary>
internal static class ColumnBinding
{
    /// <summary>Binds a value of a column, or a key.</summary>
    public static void Bind(this SqliteStatement statement, int index, object? value)
    {
        switch (value)
        {
            case null:
                statement.BindNull(index);
                break;
            case Guid id:
                Span<byte> bytes = stackalloc byte[16];
                _ = id.TryWriteBytes(bytes, bigEndian: true, out _);
                statement.BindBlob(index, bytes);
                break;
            case string text:
                // Half a surrogate pair, which no key may have, is found as the character that stands for what is unknown.
                statement.BindText(index, Encoding.UTF8.GetBytes(text));
                break;
            case long number:
                statement.BindInt64(index, number);
                break;
            case bool flag:
                statement.BindInt64(index, flag ? 1 : 0);
                break;
            case DateTimeOffset time:
                statement.BindInt64(index, time.UtcTicks);
                break;
            default:
                throw new UnreachableException($"A column cannot hold a {value.GetType().Name}.");
        }
    }

    /// <summary>Binds text of a key.</summary>
    public static void BindText(this SqliteStatement statement, int index, string text)
    {
        Span<byte> buffer = stackalloc byte[512];
        if (text.Length * 3 <= buffer.Length)
        {
            statement.BindText(index, buffer[..Utf8.Write(text, buffer)]);
        }
        else
        {
            statement.BindText(index, Utf8.Bytes(text));
        }
    }

    /// <summary>Reads a key.</summary>
    public static Guid ReadKey(this SqliteStatement statement, int index) => new(statement.Bytes(index), bigEndian: true);

    /// <summary>Reads a value of a column.</summary>
    public static object? Read(this SqliteStatement statement, int index, ColumnType type) =>
        statement.IsNull(index)
            ? null
            : type switch
            {
                ColumnType.Id => statement.ReadKey(index),
                ColumnType.Text => statement.Text(index),
                ColumnType.Number => statement.Int64(index),
                ColumnType.Time => new DateTimeOffset(statement.Int64(index), TimeSpan.Zero),
                _ => throw new UnreachableException(),
            };
}
