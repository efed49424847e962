namespace Serverless.Storage.Columns;

/// <summary>How many keys have the same values.</summary>
/// <param name="Values">The values of the columns that were asked for.</param>
/// <param name="Count">How many keys.</param>
public sealed record ColumnGroup(IReadOnlyList<object?> Values, long Count);
