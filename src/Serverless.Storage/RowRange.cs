using System.Text;

namespace Serverless.Storage;

/// <summary>An ordered range of rows, by partition key and then row key, in the order of their UTF-8 bytes, ascending.</summary>
/// <param name="Table">The logical table.</param>
/// <param name="FromPartition">First partition, inclusive.</param>
/// <param name="ToPartition">Last partition, inclusive; null for no bound.</param>
/// <param name="FromRow">Lowest row key, inclusive; null for no bound. Applies to every partition of the range.</param>
/// <param name="ToRow">Upper bound of the row key, exclusive; null for no bound. Applies to every partition of the range.</param>
public sealed record RowRange(string Table, string FromPartition, string? ToPartition, string? FromRow = null, string? ToRow = null)
{
    /// <summary>
    /// What the rows have to meet that are wanted; none unless given. A store that can leaves out rows that do not meet all of it, and need
    /// not: whoever reads them looks again. To pass over rows takes time, too.
    /// </summary>
    public IReadOnlyList<RowCondition> Where { get; init; } = [];

    /// <summary>True when the keys of the rows are enough: then a store may leave out their properties, and their ETags be empty.</summary>
    public bool KeysOnly { get; init; }

    /// <summary>All rows of one partition.</summary>
    public static RowRange Partition(string table, string partitionKey) => new(table, partitionKey, partitionKey);

    /// <summary>The rows of one partition whose key starts with <paramref name="rowPrefix"/>.</summary>
    public static RowRange Prefix(string table, string partitionKey, string rowPrefix) =>
        new(table, partitionKey, partitionKey, rowPrefix, EndOfPrefix(rowPrefix));

    /// <summary>The whole table.</summary>
    public static RowRange WholeTable(string table) => new(table, string.Empty, null);

    /// <summary>The lowest key that is above every key with the prefix; null when there is none.</summary>
    public static string? EndOfPrefix(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);

        // UTF-8 orders by code point: the last one that has a successor takes it, what follows is dropped.
        var end = prefix.Length;
        while (end > 0)
        {
            if (Rune.DecodeLastFromUtf16(prefix.AsSpan(0, end), out var last, out var consumed) != System.Buffers.OperationStatus.Done)
            {
                throw new ArgumentException("The prefix has an unpaired surrogate.", nameof(prefix));
            }

            end -= consumed;
            if (last.Value < 0x10FFFF)
            {
                var next = last.Value == 0xD7FF ? new Rune(0xE000) : new Rune(last.Value + 1);
                return string.Concat(prefix.AsSpan(0, end), next.ToString());
            }
        }

        return null;
    }
}
