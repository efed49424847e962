namespace Serverless.Storage.Columns;

/// <summary>Which rows of a <see cref="ColumnTable"/> are wanted.</summary>
/// <param name="Table">The table.</param>
/// <param name="Where">What they match.</param>
/// <param name="Order">Their order.</param>
/// <param name="Offset">How many to skip.</param>
/// <param name="Limit">How many at most.</param>
public sealed record ColumnQuery(ColumnTable Table, Criterion Where, ColumnOrder Order, int Offset, int Limit)
{
    /// <summary>The row that a key and the columns of <see cref="ColumnTable.LocatedBy"/> stand for; null for that of the table.</summary>
    public Func<Guid, IReadOnlyList<object?>, RowAddress>? Locate { get; init; }
}
