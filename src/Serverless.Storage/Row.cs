namespace Serverless.Storage;

/// <summary>A stored row as it was read.</summary>
/// <param name="PartitionKey">The row's partition.</param>
/// <param name="RowKey">The row's key within its partition.</param>
/// <param name="Properties">The row's typed properties.</param>
/// <param name="ETag">Opaque version; changes at every write of the row and is never reused for it.</param>
public sealed record Row(string PartitionKey, string RowKey, RowProperties Properties, string ETag);
