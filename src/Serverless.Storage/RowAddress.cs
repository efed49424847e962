using Serverless.Storage.Keys;

namespace Serverless.Storage;

/// <summary>The address of one row. Keys compare ordinally by UTF-8 bytes; any character is allowed.</summary>
/// <param name="Table">Logical table, a fixed name of 3 to 40 letters and digits (a table of Azure Tables, behind a prefix).</param>
/// <param name="PartitionKey">The unit of atomicity and of throughput. A key has at most <see cref="MaxKeyLength"/> characters as
/// <see cref="KeyLength"/> counts them.</param>
/// <param name="RowKey">The order within the partition.</param>
public readonly record struct RowAddress(string Table, string PartitionKey, string RowKey)
{
    /// <summary>The limit of a key's <see cref="KeyLength"/>.</summary>
    public const int MaxKeyLength = OrderedKey.MaxLength;

    /// <summary>
    /// The length of a key as Azure Tables stores it: a letter or digit counts one, most ASCII punctuation one or two, a space or
    /// control character three and anything else five.
    /// </summary>
    /// <exception cref="ArgumentException">The key holds half a surrogate pair.</exception>
    public static int KeyLength(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return OrderedKey.EncodedLength(key);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Table}/{PartitionKey}/{RowKey}";
}
