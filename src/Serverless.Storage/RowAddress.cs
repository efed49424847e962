namespace Serverless.Storage;

/// <summary>The address of one row. Keys compare ordinally by UTF-8 bytes; any character is allowed.</summary>
/// <param name="Table">Logical table, a fixed name of 3 to 40 letters and digits (a table of Azure Tables, behind a prefix).</param>
/// <param name="PartitionKey">The unit of atomicity and of throughput. Keys have a limit that names itself: 512 letters and digits, fewer other characters.</param>
/// <param name="RowKey">The order within the partition.</param>
public readonly record struct RowAddress(string Table, string PartitionKey, string RowKey)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Table}/{PartitionKey}/{RowKey}";
}
