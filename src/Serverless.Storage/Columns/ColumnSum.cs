namespace Serverless.Storage.Columns;

/// <summary>How many keys have the same values, and their sums.</summary>
/// <param name="Interval">The interval, from 0; 0 when none were asked for.</param>
/// <param name="Values">The values of <see cref="ColumnSumQuery.By"/>.</param>
/// <param name="Count">How many keys.</param>
/// <param name="Sums">The sums of <see cref="ColumnSumQuery.Sums"/>, then those of <see cref="ColumnSumQuery.Elapsed"/>.</param>
public sealed record ColumnSum(int Interval, IReadOnlyList<object?> Values, long Count, IReadOnlyList<double> Sums);
