using CsvHelper;

namespace Serverless.Samples.Csv;

/// <summary>Opens CSV files (RFC 4180, UTF-8) and says in whose name and line something is wrong.</summary>
internal static class CsvFile
{
    /// <summary>Keeps a quote that never ends from pulling a large file into memory.</summary>
    private const int LargestRecord = 16 * 1024 * 1024;

    private static readonly CsvReaderOptions Options = new()
    {
        HasHeader = false,
        Separator = ',',
        TrackLineNumbers = true,
        MaxRecordSize = LargestRecord,
        MalformedData = CsvMalformedDataHandling.Throw,
    };

    /// <summary>Opens a file.</summary>
    /// <exception cref="CsvReportException">It cannot be opened, or is in another encoding.</exception>
    internal static FileStream Open(SampleFiles files, string path)
    {
        var file = files.Open(path);
        try
        {
            Span<byte> mark = stackalloc byte[2];
            if (file.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false) == mark.Length && mark is [0xFF, 0xFE] or [0xFE, 0xFF])
            {
                throw new CsvReportException($"{path}, line 1: the file is in UTF-16; it must be in UTF-8.");
            }

            file.Position = 0;
            return file;
        }
        catch (CsvReportException)
        {
            file.Dispose();
            throw;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            file.Dispose();
            throw new CsvReportException($"{path}: the file cannot be read.", exception);
        }
    }

    /// <summary>A reader of records, the header included; owns the stream.</summary>
    internal static CsvReader Parse(Stream stream) => CsvReader.Create(stream, Options);

    /// <summary>Reads the next record.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="path">The file.</param>
    /// <param name="firstLine">The line of the file on which the reader began.</param>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="CsvReportException">The text is not CSV, or no longer what it was.</exception>
    internal static bool Read(CsvReader reader, string path, long firstLine)
    {
        try
        {
            return reader.Read();
        }
        catch (CsvFormatException exception)
        {
            var line = firstLine - 1 + Math.Max(1, exception.LineNumber);
            throw new CsvReportException($"{path}, line {line}: the text is not CSV according to RFC 4180: {exception.Message}", exception);
        }
        catch (EndOfStreamException exception)
        {
            throw new CsvReportException($"{path}: the file became shorter during reading.", exception);
        }
    }
}
