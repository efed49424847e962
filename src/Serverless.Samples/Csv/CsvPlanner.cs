namespace Serverless.Samples.Csv;

/// <summary>Divides a file into chunks.</summary>
internal static class CsvPlanner
{
    /// <summary>Reads the header and finds where every chunk begins, in one pass and constant memory but for the chunks.</summary>
    /// <exception cref="CsvReportException">There is no such file or column, or the text is not CSV.</exception>
    internal static CsvPlan Plan(string path, string groupBy, string value, int chunkRows, CancellationToken cancellationToken)
    {
        var file = CsvFile.Open(path);
        var length = file.Length;
        using var reader = CsvFile.Parse(new ByteRangeStream(file, length));
        if (!CsvFile.Read(reader, path, firstLine: 1))
        {
            throw new CsvReportException($"{path}, line 1: the file is empty; a header with the columns '{groupBy}' and '{value}' was expected.");
        }

        var columns = FindColumns(path, reader.LineNumber, reader.Current.ToArray(), groupBy, value);
        var starts = new List<(long Offset, long Line)>();
        for (long row = 0; CsvFile.Read(reader, path, firstLine: 1); row++)
        {
            if (row % chunkRows == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                starts.Add((reader.ByteOffset, reader.LineNumber));
            }
        }

        var ends = starts.Skip(1).Select(start => start.Offset).Append(length);
        return new CsvPlan(columns, [.. starts.Zip(ends, (start, end) => new CsvChunk(start.Offset, end - start.Offset, start.Line))]);
    }

    private static CsvColumns FindColumns(string path, long line, string[] names, string groupBy, string value)
    {
        return new CsvColumns(groupBy, IndexOf(groupBy), value, IndexOf(value));

        int IndexOf(string column) => Array.IndexOf(names, column) is >= 0 and var index
            ? index
            : throw new CsvReportException($"{path}, line {line}: there is no column '{column}'; the columns are: {string.Join(", ", names)}.");
    }
}
