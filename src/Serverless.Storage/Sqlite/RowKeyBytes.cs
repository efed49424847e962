namespace Serverless.Storage.Sqlite;

/// <summary>A position in a table: partition key and row key as UTF-8.</summary>
internal readonly record struct RowKeyBytes(byte[] Partition, byte[] Row);
