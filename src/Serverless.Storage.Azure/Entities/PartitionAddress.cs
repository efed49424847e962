namespace Serverless.Storage.Azure.Entities;

/// <summary>The address of a partition: logical table and key as the service has it.</summary>
internal readonly record struct PartitionAddress(string Table, string PartitionKey);
