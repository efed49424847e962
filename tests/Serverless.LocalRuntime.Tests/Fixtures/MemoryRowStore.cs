using System.Globalization;
using Serverless.Storage;

namespace Serverless.LocalRuntime.Tests.Fixtures;

/// <summary>The row store's contract in memory.</summary>
internal sealed class MemoryRowStore : IRowStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<RowAddress, Row> _rows = new(Comparer<RowAddress>.Create(Compare));
    private long _etag;

    /// <summary>How many rows a table has.</summary>
    public int Count(string table)
    {
        lock (_lock)
        {
            return _rows.Keys.Count(address => address.Table == table);
        }
    }

    public List<Row> All(string table)
    {
        lock (_lock)
        {
            return [.. _rows.Where(pair => pair.Key.Table == table).Select(pair => pair.Value)];
        }
    }

    public ValueTask<Row?> GetAsync(RowAddress address, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            return new(_rows.GetValueOrDefault(address));
        }
    }

    public ValueTask<RowPage> QueryAsync(
        RowRange range,
        int limit = 1000,
        string? continuation = null,
        CancellationToken cancellationToken = default
    )
    {
        lock (_lock)
        {
            List<Row> rows =
            [
                .. _rows
                    .Where(pair =>
                        pair.Key.Table == range.Table
                        && string.CompareOrdinal(pair.Key.PartitionKey, range.FromPartition) >= 0
                        && (range.ToPartition is null || string.CompareOrdinal(pair.Key.PartitionKey, range.ToPartition) <= 0)
                        && (range.FromRow is null || string.CompareOrdinal(pair.Key.RowKey, range.FromRow) >= 0)
                        && (range.ToRow is null || string.CompareOrdinal(pair.Key.RowKey, range.ToRow) < 0)
                        && (continuation is null || string.CompareOrdinal(Token(pair.Value), continuation) > 0)
                    )
                    .Select(pair => pair.Value)
                    .Take(limit),
            ];
            return new(new RowPage(rows, rows.Count == limit ? Token(rows[^1]) : null));
        }
    }

    public ValueTask<int> SweepAsync(CancellationToken cancellationToken = default) => new(0);

    public ValueTask<CommitResult> CommitAsync(RowCommit commit, CancellationToken cancellationToken = default)
    {
        commit.Operations.Count.ShouldBeInRange(1, 100);
        commit.Operations.Select(operation => operation.Address).ShouldBeUnique();
        lock (_lock)
        {
            foreach (var operation in commit.Operations)
            {
                var present = _rows.GetValueOrDefault(operation.Address);
                var conflicts =
                    operation.Kind == RowOperationKind.Insert ? present is not null
                    : operation.Kind == RowOperationKind.Exists ? present is null
                    : operation.ExpectedETag is not null && present?.ETag != operation.ExpectedETag;
                if (conflicts)
                {
                    return new(new CommitResult(operation.Address, []));
                }
            }

            List<string?> etags = [.. commit.Operations.Select(Apply)];
            foreach (var operation in commit.Derived)
            {
                Apply(operation);
            }

            return new(new CommitResult(null, etags));
        }
    }

    private string? Apply(RowOperation operation)
    {
        switch (operation.Kind)
        {
            case RowOperationKind.Delete:
                _rows.Remove(operation.Address);
                return null;
            case RowOperationKind.Exists:
                return null;
            default:
                foreach (var property in operation.Properties!)
                {
                    (property.Value is byte[] { Length: > 64 * 1024 }).ShouldBeFalse($"{property.Key} is larger than a property may be");
                }

                var etag = (++_etag).ToString(CultureInfo.InvariantCulture);
                _rows[operation.Address] = new Row(operation.Address.PartitionKey, operation.Address.RowKey, operation.Properties!, etag);
                return etag;
        }
    }

    private static string Token(Row row) => $"{row.PartitionKey}\0{row.RowKey}";

    private static int Compare(RowAddress a, RowAddress b)
    {
        var table = string.CompareOrdinal(a.Table, b.Table);
        var partition = table != 0 ? table : string.CompareOrdinal(a.PartitionKey, b.PartitionKey);
        return partition != 0 ? partition : string.CompareOrdinal(a.RowKey, b.RowKey);
    }
}
