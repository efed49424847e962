using Serverless.Samples.Csv;

namespace Serverless.Samples;

/// <summary>
/// Sums up a CSV file by groups: one task finds where chunks of rows begin, one mapped task for each chunk reads just its bytes,
/// and reducing tasks merge their totals. No task sees more than its chunk, whatever the size of the file.
/// </summary>
/// <param name="files">Where files may be read.</param>
public sealed class CsvReportFlow(SampleFiles files)
{
    /// <summary>How many totals one reducing task merges, which bounds its input.</summary>
    private const int MergeWidth = 64;

    /// <summary>Counts, sums and bounds a column of numbers for each value of another column.</summary>
    /// <param name="flow">The run.</param>
    /// <param name="path">The file, below the folder that the operator named: RFC 4180 with a header, in UTF-8.</param>
    /// <param name="groupBy">The column to group by.</param>
    /// <param name="value">The column of numbers.</param>
    /// <param name="chunkRows">How many rows a task reads.</param>
    /// <returns>The report; also written as the table artifact <c>csv-report</c>.</returns>
    [Flow("csv-report", Description = "Sums up a column of a CSV file by the values of another.")]
    public async Task<CsvReport> Run(
        FlowContext flow,
        [MinLength(1)] string path,
        [MinLength(1)] string groupBy,
        [MinLength(1)] string value,
        [Range(1, 10_000_000)] int chunkRows = 1000
    )
    {
        var plan = await flow.RunAsync(() => Split(path, groupBy, value, chunkRows));
        var parts = await flow.Map(plan.Chunks, chunk => Aggregate(path, plan.Columns, plan.Version, chunk));
        while (parts.Length > MergeWidth)
        {
            parts = await flow.Map(parts.Chunk(MergeWidth), several => Merge(several));
        }

        var report = await flow.RunAsync(() => Merge(parts));
        await flow.Artifacts.CreateTableArtifactAsync(report.Groups, "csv-report", $"{value} by {groupBy} in {path}");
        flow.Logger.LogInformation("{Rows} rows in {Groups} groups", report.Rows, report.Groups.Count);
        return report;
    }

    [Task("split-csv")]
    internal CsvPlan Split(string path, string groupBy, string value, int chunkRows, CancellationToken cancellationToken = default) =>
        CsvPlanner.Plan(files, path, groupBy, value, chunkRows, cancellationToken);

    [Task("aggregate-chunk")]
    internal CsvReport Aggregate(
        string path,
        CsvColumns columns,
        CsvVersion version,
        CsvChunk chunk,
        CancellationToken cancellationToken = default
    ) => CsvChunkReader.Aggregate(files, path, columns, version, chunk, cancellationToken);

    [Task("merge-totals")]
    internal static CsvReport Merge(CsvReport[] parts)
    {
        var totals = new CsvTotals();
        foreach (var part in parts)
        {
            totals.Add(part);
        }

        return totals.ToReport();
    }
}
