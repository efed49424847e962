namespace Serverless.Samples.Csv;

/// <summary>Which state of a file was planned: chunks of another one could begin within a row.</summary>
/// <param name="Length">How many bytes it has.</param>
/// <param name="Changed">When it was last written.</param>
public sealed record CsvVersion(long Length, DateTimeOffset Changed)
{
    /// <summary>The version of an open file.</summary>
    internal static CsvVersion Of(FileStream file) =>
        new(file.Length, new DateTimeOffset(File.GetLastWriteTimeUtc(file.SafeFileHandle), TimeSpan.Zero));
}
