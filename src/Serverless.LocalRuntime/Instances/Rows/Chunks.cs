using System.Globalization;
using Serverless.Storage;

namespace Serverless.LocalRuntime.Instances;

/// <summary>
/// Cuts bytes into properties and rows that keep the limits of Azure Tables: 64 KiB for a property, 1 MiB for a row,
/// with room for the names and for the text that a table may double.
/// </summary>
internal static class Chunks
{
    /// <summary>Bytes of a property.</summary>
    public const int PropertySize = 56 * 1024;

    private const int PropertiesOfRow = 15;

    /// <summary>Bytes of a row.</summary>
    public const int RowSize = PropertySize * PropertiesOfRow;

    private static readonly string[] Names =
    [
        .. Enumerable.Range(0, PropertiesOfRow).Select(index => string.Create(CultureInfo.InvariantCulture, $"d{index:D2}")),
    ];

    public static int RowsFor(int length) => Math.Max(1, (length + RowSize - 1) / RowSize);

    /// <summary>The properties of one row of the bytes.</summary>
    public static RowProperties Row(byte[] bytes, int row)
    {
        RowProperties properties = [];
        var end = Math.Min(bytes.Length, (row + 1) * RowSize);
        var index = 0;
        for (var start = row * RowSize; start < end; start += PropertySize)
        {
            var length = Math.Min(PropertySize, end - start);
            properties.Add(Names[index++], length == bytes.Length ? bytes : bytes[start..(start + length)]);
        }

        return properties;
    }

    /// <summary>Puts the bytes of a row together again, behind those of the rows before.</summary>
    public static void Read(RowProperties properties, MemoryStream into)
    {
        foreach (var name in Names)
        {
            if (properties.Get<byte[]>(name) is not { } bytes)
            {
                return;
            }

            into.Write(bytes);
        }
    }
}
