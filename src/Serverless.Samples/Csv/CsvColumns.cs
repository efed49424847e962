namespace Serverless.Samples.Csv;

/// <summary>Where the two columns are.</summary>
/// <param name="GroupBy">The name of the column to group by.</param>
/// <param name="GroupByIndex">Its place in a row, from 0.</param>
/// <param name="Value">The name of the column of numbers.</param>
/// <param name="ValueIndex">Its place in a row, from 0.</param>
/// <param name="Count">How many columns there are.</param>
public sealed record CsvColumns(string GroupBy, int GroupByIndex, string Value, int ValueIndex, int Count);
