using Serverless.Storage.Azure.Commits;
using Serverless.Storage.Keys;

namespace Serverless.Storage.Azure.Entities;

/// <summary>A range of rows as filters of the service, each of which reads one run of keys. (One with "or" would scan the table.)</summary>
internal sealed class RangeFilter(RowRange range)
{
    private readonly string _fromPartition = OrderedKey.Encode(range.FromPartition);
    private readonly string? _toPartition = range.ToPartition is null ? null : OrderedKey.Encode(range.ToPartition);
    private readonly string? _fromRow = range.FromRow is null ? null : OrderedKey.Encode(range.FromRow);
    private readonly string _toRow = range.ToRow is null ? Journal.FirstSystemKey : OrderedKey.Encode(range.ToRow);
    private readonly string _where = ConditionFilter.Of(range.Where);

    /// <summary>The properties to be read; null for all.</summary>
    public IReadOnlyList<string>? Select { get; } = range.KeysOnly && range.Where.Count == 0 ? ["PartitionKey", "RowKey"] : null;

    /// <summary>True when no row can be in the range.</summary>
    public bool IsEmpty =>
        (_toPartition is not null && string.CompareOrdinal(_fromPartition, _toPartition) > 0)
        || (_fromRow is not null && string.CompareOrdinal(_fromRow, _toRow) >= 0);

    public bool Contains(Position position) =>
        string.CompareOrdinal(position.PartitionKey, _fromPartition) >= 0
        && (_toPartition is null || string.CompareOrdinal(position.PartitionKey, _toPartition) <= 0)
        && (_fromRow is null || string.CompareOrdinal(position.RowKey, _fromRow) >= 0)
        && string.CompareOrdinal(position.RowKey, _toRow) < 0;

    /// <summary>The filters of the rows after a position, in order: the rest of its partition, then the partitions behind it.</summary>
    public IReadOnlyList<string> After(Position? position)
    {
        var rows = _fromRow is null ? $"RowKey lt '{_toRow}'" : $"RowKey ge '{_fromRow}' and RowKey lt '{_toRow}'";
        var upTo = _toPartition is null ? string.Empty : $"PartitionKey le '{_toPartition}' and ";
        if (position is not { } after)
        {
            return
            [
                _fromPartition == _toPartition
                    ? $"PartitionKey eq '{_fromPartition}' and {rows}{_where}"
                    : $"PartitionKey ge '{_fromPartition}' and {upTo}{rows}{_where}",
            ];
        }

        var rest = $"PartitionKey eq '{after.PartitionKey}' and RowKey gt '{after.RowKey}' and RowKey lt '{_toRow}'{_where}";
        return after.PartitionKey == _toPartition ? [rest] : [rest, $"PartitionKey gt '{after.PartitionKey}' and {upTo}{rows}{_where}"];
    }
}
