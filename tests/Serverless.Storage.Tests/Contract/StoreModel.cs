namespace Serverless.Storage.Tests.Contract;

/// <summary>What a store should do, in a dictionary.</summary>
internal sealed class StoreModel
{
    private readonly SortedDictionary<(string Partition, string Row), (int Value, string ETag)> _rows = new(new Utf8Order());

    public string? ETagOf(RowAddress address) => _rows.TryGetValue((address.PartitionKey, address.RowKey), out var row) ? row.ETag : null;

    /// <summary>The first row whose condition does not hold.</summary>
    public RowAddress? FindConflict(IEnumerable<RowOperation> operations)
    {
        foreach (var operation in operations)
        {
            var etag = ETagOf(operation.Address);
            var fails = operation.Kind switch
            {
                RowOperationKind.Insert => etag is not null,
                RowOperationKind.Exists => etag is null,
                _ => operation.ExpectedETag is { } expected && expected != etag,
            };
            if (fails)
            {
                return operation.Address;
            }
        }

        return null;
    }

    public void Apply(RowOperation operation, string? etag)
    {
        (string, string) key = (operation.Address.PartitionKey, operation.Address.RowKey);
        if (operation.Kind is RowOperationKind.Delete)
        {
            _rows.Remove(key);
        }
        else if (operation.Properties is { } properties)
        {
            _rows[key] = (properties.Get<int>("value"), etag.ShouldNotBeNull());
        }
    }

    /// <summary>A row that was only required may have another ETag.</summary>
    public void Touch(RowAddress address, string etag)
    {
        (string, string) key = (address.PartitionKey, address.RowKey);
        _rows[key] = (_rows[key].Value, etag);
    }

    public IEnumerable<(string Partition, string Row, int Value, string ETag)> Query(RowRange range) =>
        _rows
            .Where(row =>
                Contains(range.FromPartition, range.ToPartition, row.Key.Partition, 0)
                && Contains(range.FromRow, range.ToRow, row.Key.Row, -1)
            )
            .Select(row => (row.Key.Partition, row.Key.Row, row.Value.Value, row.Value.ETag));

    private static bool Contains(string? from, string? to, string key, int highest) =>
        (from is null || Utf8Order.CompareKeys(from, key) <= 0) && (to is null || Utf8Order.CompareKeys(key, to) <= highest);
}
