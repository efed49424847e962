using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using Serverless.Storage.Keys;

namespace Serverless.Storage.Azure.Entities;

/// <summary>
/// The last row of a page, and the token that says so: base64url of a version byte, the length of the partition key (two
/// bytes, little-endian), the partition key and the row key, both as they are stored.
/// </summary>
internal readonly record struct Position(string PartitionKey, string RowKey)
{
    private const byte Version = 2;
    private const int Header = 3;

    public string ToToken()
    {
        var bytes = new byte[Header + PartitionKey.Length + RowKey.Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(1), (ushort)PartitionKey.Length);
        _ = Encoding.ASCII.GetBytes(PartitionKey, bytes.AsSpan(Header));
        _ = Encoding.ASCII.GetBytes(RowKey, bytes.AsSpan(Header + PartitionKey.Length));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The position that a token tells.</summary>
    /// <exception cref="FormatException">The token is not one, or not one of this range.</exception>
    public static Position Parse(string token, RangeFilter range)
    {
        var bytes = Base64Url.DecodeFromChars(token);
        var size = bytes.Length < Header || bytes[0] != Version ? -1 : BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(1));
        if (size < 0 || size > bytes.Length - Header)
        {
            throw new FormatException("The continuation token does not belong to this store.");
        }

        Position position = new(Encoding.ASCII.GetString(bytes, Header, size), Encoding.ASCII.GetString(bytes.AsSpan(Header + size)));
        _ = OrderedKey.Decode(position.PartitionKey);
        _ = OrderedKey.Decode(position.RowKey);
        return range.Contains(position) ? position : throw new FormatException("The continuation token does not belong to this range.");
    }
}
