namespace Serverless.Storage.Sqlite;

/// <summary>Where a query over columns found something.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">What the column of the order holds.</param>
/// <param name="Address">The row that the key stands for.</param>
internal readonly record struct ColumnPlace(Guid Key, object? Value, RowAddress Address);
