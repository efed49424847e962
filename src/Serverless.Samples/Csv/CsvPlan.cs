namespace Serverless.Samples.Csv;

/// <summary>How a file is to be read.</summary>
/// <param name="Columns">Where the columns are.</param>
/// <param name="Version">Which state of the file it is about.</param>
/// <param name="Chunks">The chunks, in order; none for a file without rows.</param>
public sealed record CsvPlan(CsvColumns Columns, CsvVersion Version, IReadOnlyList<CsvChunk> Chunks);
