namespace Serverless.Storage.Columns;

/// <summary>
/// Counts and sums that a store keeps of a <see cref="ColumnTable"/>, by the minutes and hours of a time, so that nobody has to look at
/// each key to count them. They hold the keys that seldom change any more; the others are counted when somebody asks.
/// </summary>
/// <param name="Time">The time.</param>
/// <param name="By">What else is told apart, <paramref name="Kind"/> among it. None is null where the kind is one of the kept.</param>
/// <param name="Sums">The numbers that are added up.</param>
/// <param name="Kind">Says which keys are kept.</param>
/// <param name="Kept">The kinds that are kept.</param>
/// <param name="Others">All other kinds.</param>
public sealed record ColumnRollup(
    Column Time,
    IReadOnlyList<Column> By,
    IReadOnlyList<Column> Sums,
    Column Kind,
    IReadOnlyList<object> Kept,
    IReadOnlyList<object> Others
)
{
    /// <summary>
    /// The times since which questions add up what has passed. If there are any, an index has all that questions ask of the keys that are
    /// not kept, so that counting them reads nothing else.
    /// </summary>
    public IReadOnlyList<Column> Elapsed { get; init; } = [];
}
