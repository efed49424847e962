using System.Buffers.Binary;
using System.Numerics;

namespace Serverless.Storage.Sqlite;

/// <summary>
/// A row's properties as they lie in the database: a CRC-32C of partition key, row key and properties, then the properties. SQLite checks
/// the structure of its pages, but not what is in them.
/// </summary>
internal static class StoredRow
{
    /// <summary>How many bytes the sum takes.</summary>
    public const int SumSize = sizeof(uint);

    /// <summary>Writes the sum before the properties, which lie behind it already.</summary>
    public static void Seal(Span<byte> stored, ReadOnlySpan<byte> partition, ReadOnlySpan<byte> row) =>
        BinaryPrimitives.WriteUInt32LittleEndian(stored, Sum(partition, row, stored[SumSize..]));

    /// <summary>The properties.</summary>
    /// <exception cref="InvalidDataException">They are not what was written.</exception>
    public static RowProperties Read(ReadOnlySpan<byte> stored, ReadOnlySpan<byte> partition, ReadOnlySpan<byte> row)
    {
        Verify(stored, partition, row);
        return RowPropertiesCodec.Read(stored[SumSize..]);
    }

    /// <summary>Checks the sum.</summary>
    /// <exception cref="InvalidDataException">The row is not what was written.</exception>
    public static void Verify(ReadOnlySpan<byte> stored, ReadOnlySpan<byte> partition, ReadOnlySpan<byte> row)
    {
        if (stored.Length < SumSize || BinaryPrimitives.ReadUInt32LittleEndian(stored) != Sum(partition, row, stored[SumSize..]))
        {
            throw new InvalidDataException("its checksum is wrong");
        }
    }

    private static uint Sum(ReadOnlySpan<byte> partition, ReadOnlySpan<byte> row, ReadOnlySpan<byte> properties) =>
        Add(Add(Add((uint)partition.Length, partition), row), properties);

    private static uint Add(uint sum, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var last in bytes)
        {
            sum = BitOperations.Crc32C(sum, last);
        }

        return sum;
    }
}
