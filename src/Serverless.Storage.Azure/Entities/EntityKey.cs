using Serverless.Storage.Keys;

namespace Serverless.Storage.Azure.Entities;

/// <summary>The address of an entity: logical table and keys as the service has them.</summary>
internal readonly record struct EntityKey(string Table, string PartitionKey, string RowKey)
{
    public static EntityKey Of(RowAddress address) =>
        new(address.Table, OrderedKey.Encode(address.PartitionKey), OrderedKey.Encode(address.RowKey));

    public PartitionAddress Partition => new(Table, PartitionKey);
}
