namespace Serverless.Samples.Csv;

/// <summary>Divides a file into chunks.</summary>
internal static class CsvPlanner
{
    private const int MaxListed = 50;
    private const int MaxListedLength = 100;

    /// <summary>Reads the header and finds where every chunk begins, in one pass and constant memory but for the chunks.</summary>
    /// <exception cref="CsvReportException">There is no such file or column, or the text is not CSV.</exception>
    internal static CsvPlan Plan(
        SampleFiles files,
        string path,
        string groupBy,
        string value,
        int chunkRows,
        CancellationToken cancellationToken
    )
    {
        var file = CsvFile.Open(files, path);
        var version = CsvVersion.Of(file);
        var length = version.Length;
        using var reader = CsvFile.Parse(new ByteRangeStream(file, length));
        if (!CsvFile.Read(reader, path, firstLine: 1))
        {
            throw new CsvReportException(
                $"{path}, line 1: the file is empty; a header with the columns '{groupBy}' and '{value}' was expected."
            );
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
        return new CsvPlan(
            columns,
            version,
            [.. starts.Zip(ends, (start, end) => new CsvChunk(start.Offset, end - start.Offset, start.Line))]
        );
    }

    private static CsvColumns FindColumns(string path, long line, string[] names, string groupBy, string value)
    {
        return new CsvColumns(groupBy, IndexOf(groupBy), value, IndexOf(value), names.Length);

        int IndexOf(string column)
        {
            var index = Array.IndexOf(names, column);
            if (index < 0)
            {
                throw new CsvReportException($"{path}, line {line}: there is no column '{column}'; the columns are: {Listed(names)}.");
            }

            return Array.LastIndexOf(names, column) == index
                ? index
                : throw new CsvReportException($"{path}, line {line}: the column '{column}' occurs more than once.");
        }
    }

    /// <summary>The names as far as a message takes them.</summary>
    private static string Listed(string[] names) =>
        string.Join(", ", names.Take(MaxListed).Select(Short)) + (names.Length > MaxListed ? ", …" : string.Empty);

    private static string Short(string name)
    {
        var printable = string.Concat(name.Take(MaxListedLength).Select(character => char.IsControl(character) ? '\uFFFD' : character));
        return name.Length > MaxListedLength ? printable + "…" : printable;
    }
}
