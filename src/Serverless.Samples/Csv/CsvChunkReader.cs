using System.Globalization;
using System.Text.Unicode;

namespace Serverless.Samples.Csv;

/// <summary>Sums up one chunk.</summary>
internal static class CsvChunkReader
{
    private const int RowsBetweenChecks = 1000;

    /// <summary>Reads the chunk's bytes and nothing else of the file.</summary>
    /// <exception cref="CsvReportException">A row has more or fewer fields than the header, or its value is no number; names the file,
    /// column and line.</exception>
    internal static CsvReport Aggregate(
        SampleFiles files,
        string path,
        CsvColumns columns,
        CsvVersion version,
        CsvChunk chunk,
        CancellationToken cancellationToken
    )
    {
        var file = CsvFile.Open(files, path);
        if (CsvVersion.Of(file) != version)
        {
            file.Dispose();
            throw new CsvReportException($"{path}: the file was changed during reading.");
        }

        file.Position = chunk.Offset;
        using var reader = CsvFile.Parse(new ByteRangeStream(file, chunk.Length));
        var totals = new CsvTotals();
        while (CsvFile.Read(reader, path, chunk.Line))
        {
            if (reader.RowNumber % RowsBetweenChecks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (reader.FieldCount != columns.Count)
            {
                throw new CsvReportException(
                    $"{path}, line {chunk.Line - 1 + reader.LineNumber}: the row has {reader.FieldCount} fields, the header "
                        + $"{columns.Count}."
                );
            }

            var key = Field(columns.GroupByIndex, columns.GroupBy);
            var text = Field(columns.ValueIndex, columns.Value);

            // No thousands separators: with them "1,5" would be fifteen.
            if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            {
                throw Error(
                    columns.Value,
                    text.Length == 0 ? "the value is missing; a number was expected"
                        : CsvNumber.IsNumber(text) ? $"'{text}' is too large for a decimal"
                        : $"'{text}' is not a number"
                );
            }

            if (!CsvNumber.IsExact(text, number))
            {
                throw Error(columns.Value, $"'{text}' has too many digits for a decimal");
            }

            try
            {
                totals.Add(key, number);
            }
            catch (OverflowException)
            {
                throw Error(columns.Value, $"the sum of the group '{key}' has too many digits for a decimal");
            }
        }

        return totals.ToReport();

        string Field(int index, string column) =>
            Utf8.IsValid(reader.GetSpan(index)) ? reader.GetString(index) : throw Error(column, "the text is not UTF-8");

        CsvReportException Error(string column, string problem) =>
            new($"{path}, line {chunk.Line - 1 + reader.LineNumber}, column '{column}': {problem}.");
    }
}
