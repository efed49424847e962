using System.Buffers.Binary;
using System.Buffers.Text;

namespace Serverless.Storage.Sqlite;

/// <summary>
/// The token of the next page: base64url of a version byte, the length of the partition key (four bytes,
/// little-endian), the partition key and the row key of the last row of the page before.
/// </summary>
internal static class ContinuationToken
{
    private const byte Version = 1;
    private const int Header = 5;

    public static string Encode(ReadOnlySpan<byte> partition, ReadOnlySpan<byte> row)
    {
        var bytes = new byte[Header + partition.Length + row.Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), partition.Length);
        partition.CopyTo(bytes.AsSpan(Header));
        row.CopyTo(bytes.AsSpan(Header + partition.Length));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The position after which the next page begins.</summary>
    /// <exception cref="FormatException">The token is not one, or not one of this range.</exception>
    public static RowKeyBytes Decode(string token, RowRange range)
    {
        var bytes = Base64Url.DecodeFromChars(token);
        var size = bytes.Length < Header || bytes[0] != Version ? -1 : BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(1));
        if (size < 0 || size > bytes.Length - Header)
        {
            throw new FormatException("The continuation token does not belong to this store.");
        }

        RowKeyBytes key = new(bytes[Header..(Header + size)], bytes[(Header + size)..]);
        if (
            !Contains(range.FromPartition, range.ToPartition, inclusive: true, key.Partition)
            || !Contains(range.FromRow, range.ToRow, inclusive: false, key.Row)
        )
        {
            throw new FormatException("The continuation token does not belong to this range.");
        }

        return key;
    }

    private static bool Contains(string? from, string? to, bool inclusive, ReadOnlySpan<byte> key) =>
        (from is null || key.SequenceCompareTo(Utf8.Bytes(from)) >= 0)
        && (to is null || key.SequenceCompareTo(Utf8.Bytes(to)) < (inclusive ? 1 : 0));
}
