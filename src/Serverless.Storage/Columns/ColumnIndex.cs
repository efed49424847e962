namespace Serverless.Storage.Columns;

/// <summary>An index of a <see cref="ColumnTable"/>: by these columns, then by the key.</summary>
/// <param name="Columns">Its columns, at least one.</param>
/// <param name="Present">It leaves out what is null in this column; null to leave out nothing.</param>
public sealed record ColumnIndex(IReadOnlyList<Column> Columns, Column? Present = null)
{
    /// <summary>The name, unique within the table.</summary>
    public string Name => string.Join("_", Columns.Select(column => column.Name));
}
