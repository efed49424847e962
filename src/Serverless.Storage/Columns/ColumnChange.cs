namespace Serverless.Storage.Columns;

/// <summary>A change of the columns of a key, as part of a commit.</summary>
/// <param name="Table">The table.</param>
/// <param name="Key">The key.</param>
/// <param name="Before">What they hold now, exactly; null when there is nothing of the key, or when it is deleted whatever it was.</param>
/// <param name="After">What they are to hold; null to delete them.</param>
public sealed record ColumnChange(ColumnTable Table, Guid Key, ColumnValues? Before, ColumnValues? After);
