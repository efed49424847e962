namespace Serverless.Samples.Csv;

/// <summary>The totals of a CSV file, or of a part of it.</summary>
/// <param name="Rows">How many rows there are.</param>
/// <param name="Groups">The groups, by key (ordinal).</param>
public sealed record CsvReport(long Rows, IReadOnlyList<CsvGroup> Groups);
