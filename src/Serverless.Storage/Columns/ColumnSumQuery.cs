namespace Serverless.Storage.Columns;

/// <summary>Asks how many keys match, and for the sums of what they hold.</summary>
/// <param name="Table">The table.</param>
/// <param name="Where">What they match.</param>
/// <param name="By">What is told apart; nothing for one answer.</param>
public sealed record ColumnSumQuery(ColumnTable Table, Criterion Where, IReadOnlyList<Column> By)
{
    /// <summary>The intervals to tell apart; a key in none of them does not count. Null for no intervals.</summary>
    public ColumnIntervals? Intervals { get; init; }

    /// <summary>The numbers to add up; null counts as 0.</summary>
    public IReadOnlyList<Column> Sums { get; init; } = [];

    /// <summary>
    /// The times since which to add up what has passed until <see cref="Now"/>, in microseconds; null and what is to come count as 0. They
    /// are null in the keys that a <see cref="ColumnRollup"/> keeps.
    /// </summary>
    public IReadOnlyList<Column> Elapsed { get; init; } = [];

    /// <summary>Until when <see cref="Elapsed"/> counts.</summary>
    public DateTimeOffset Now { get; init; }
}
