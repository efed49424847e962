namespace Serverless.Storage.Columns;

/// <summary>What the columns of a key hold.</summary>
/// <param name="Values">A value or null for each column, of the column's type, in their order.</param>
/// <param name="Labels">The labels, none twice.</param>
public sealed record ColumnValues(IReadOnlyList<object?> Values, IReadOnlyList<string> Labels);
