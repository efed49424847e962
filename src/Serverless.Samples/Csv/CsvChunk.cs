namespace Serverless.Samples.Csv;

/// <summary>A run of whole rows in a file.</summary>
/// <param name="Offset">Where its first row begins, in bytes.</param>
/// <param name="Length">How many bytes it has.</param>
/// <param name="Line">The line in the file, from 1, on which it begins.</param>
public sealed record CsvChunk(long Offset, long Length, long Line);
