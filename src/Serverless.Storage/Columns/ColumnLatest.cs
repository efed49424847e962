namespace Serverless.Storage.Columns;

/// <summary>
/// A table that a store keeps of another one: for each id in a column there, what the latest key with that id holds. Nobody else changes
/// it. So it is right whoever writes at the same time, and when the latest key is deleted, it holds what the one before does.
/// </summary>
/// <param name="Table">
/// The table that is kept. Its keys are the ids. Its first column holds the latest key, the others what columns of their names hold there.
/// </param>
/// <param name="By">The column with the ids. A key without one counts for nothing.</param>
/// <param name="Order">Says which key is the latest: the one that holds most, and of equals the last one.</param>
public sealed record ColumnLatest(ColumnTable Table, Column By, Column Order);
