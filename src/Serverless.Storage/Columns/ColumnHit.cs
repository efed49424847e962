namespace Serverless.Storage.Columns;

/// <summary>A key that a query finds, with its row.</summary>
/// <param name="Key">The key.</param>
/// <param name="Place">What the column of the query's order holds; null also when the order is that of the keys.</param>
/// <param name="Row">The row; null when it is damaged or missing.</param>
public sealed record ColumnHit(Guid Key, object? Place, Row? Row);
