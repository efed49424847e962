using System.Text;
using System.Text.Json;
using Serverless.Flows;
using Serverless.Samples.Csv;
using Shouldly;
using Xunit;

namespace Serverless.Samples.Tests;

public sealed class CsvReportFlowTests
{
    private const string Tricky =
        "\uFEFFkey,\"the \"\"value\"\"\",note\r\n" // lines 1
        + "a,1.10,plain\r\n" // 2
        + "\"b, with comma\",2,\"embedded\r\nbreaks\r\n\r\n\"\r\n" // 3 to 6
        + "\r\n" // 7, empty
        + "a,-0.30,\"said \"\"hi\"\"\"\r\n" // 8
        + "\"line\nbreak\",1e2,x\n" // 9 and 10
        + "ä,0.000000000000000000001,\"\"\n" // 11
        + ",5,\n" // 12
        + "\"b, with comma\", 3 ,last"; // 13, without a line break

    private readonly SampleRun _run = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(1000)]
    public async Task Run_TrickyContent_IsTheSameInAllChunks(int chunkRows)
    {
        using var file = new TemporaryFile(Tricky);
        (await ReportAsync(file.Path, "key", "the \"value\"", chunkRows)).ShouldBe(
            """
            {"rows":7,"groups":[
            {"key":"","count":1,"sum":5,"min":5,"max":5},
            {"key":"a","count":2,"sum":0.80,"min":-0.30,"max":1.10},
            {"key":"b, with comma","count":2,"sum":5,"min":2,"max":3},
            {"key":"line\nbreak","count":1,"sum":100,"min":100,"max":100},
            {"key":"ä","count":1,"sum":0.000000000000000000001,"min":0.000000000000000000001,"max":0.000000000000000000001}]}
            """.ReplaceLineEndings(string.Empty)
        );
        _run.Engine.Tasks.Count(task => task.Task.Name == "aggregate-chunk").ShouldBe((7 + chunkRows - 1) / chunkRows);
    }

    [Theory]
    [InlineData("\r")]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task Run_AnyLineBreak_Works(string lineBreak)
    {
        using var file = new TemporaryFile(string.Join(lineBreak, "k,v", "x,1", "\"y" + lineBreak + "\",2", "x,3", string.Empty));
        (await ReportAsync(file.Path, "k", "v", 1)).ShouldContain("""{"key":"x","count":2,"sum":4,"min":1,"max":3}""");
    }

    [Fact]
    public async Task Run_HeaderOnly_GivesNoRows()
    {
        using var file = new TemporaryFile("k,v\r\n");
        (await ReportAsync(file.Path, "k", "v")).ShouldBe("""{"rows":0,"groups":[]}""");
    }

    [Fact]
    public async Task Run_Report_IsAlsoATableArtifact()
    {
        using var file = new TemporaryFile("k,v\nx,1\n");
        await ReportAsync(file.Path, "k", "v");
        var artifact = _run.Engine.Artifacts.ShouldHaveSingleItem();
        artifact.Type.ShouldBe("table");
        artifact.Key.ShouldBe("csv-report");
        JsonSerializer.Deserialize<string>(artifact.DataJson).ShouldBe("""[{"key":"x","count":1,"sum":1,"min":1,"max":1}]""");
    }

    [Fact]
    public async Task Run_LargeFile_IsExactAndKeepsInputsSmall()
    {
        const int Rows = 100_000;
        var text = new StringBuilder("id,group,amount,text\r\n");
        var sums = new decimal[7];
        for (var i = 0; i < Rows; i++)
        {
            var amount = (i % 1000) + 0.01m;
            sums[i % 7] += amount;
            text.Append(i)
                .Append(",g")
                .Append(i % 7)
                .Append(',')
                .Append(amount)
                .Append(",\"line one\r\nline \"\"")
                .Append(i)
                .Append("\"\"\"\r\n");
        }

        using var file = new TemporaryFile(text.ToString());
        var report = JsonSerializer.Deserialize<CsvReport>(await ReportAsync(file.Path, "group", "amount"), FlowJson.Options)!;
        report.Rows.ShouldBe(Rows);
        report.Groups.Select(group => (group.Key, group.Sum)).ShouldBe(sums.Select((sum, i) => ($"g{i}", sum)));
        _run.Engine.Tasks.Count(task => task.Task.Name == "aggregate-chunk").ShouldBe(100);
        _run.Engine.Tasks.Count(task => task.Task.Name == "merge-totals").ShouldBe(3);
        _run.Engine.Tasks.ShouldAllBe(task => task.ArgumentsJson.Length < 64 * 1024);
    }

    [Theory]
    [InlineData("k,v\nx,1\n\"y\nz\",abc\n", "line 3, column 'v': 'abc' is not a number.")]
    [InlineData("k,v\r\nx,1\r\n\r\n\"y\r\nz\",2\r\nq,\r\n", "line 6, column 'v': the value is missing; a number was expected.")]
    [InlineData("k,v\nx,1\ny\n", "line 3: the row has 1 fields, the header 2.")]
    [InlineData("country,amount\nDE,1,5\nFR,2,5\n", "line 2: the row has 3 fields, the header 2.", "country", "amount")]
    [InlineData("k,v,w\nx,1,2\n\"y\ny\",2\n", "line 3: the row has 2 fields, the header 3.")]
    [InlineData("k,v\nx,1,\n", "line 2: the row has 3 fields, the header 2.")]
    [InlineData("k,v,v\nx,1,2\n", "line 1: the column 'v' occurs more than once.")]
    [InlineData("k,v,k\nx,1,2\n", "line 1: the column 'k' occurs more than once.")]
    [InlineData("k;v\nx;1\n", "line 1: there is no column 'k'; the columns are: k;v.")]
    [InlineData("k, v\nx,1\n", "line 1: there is no column 'v'; the columns are: k,  v.")]
    [InlineData("k,v\nx,NaN\n", "line 2, column 'v': 'NaN' is not a number.")]
    [InlineData("k,v\nx,Infinity\n", "line 2, column 'v': 'Infinity' is not a number.")]
    [InlineData("k,v\nx,∞\n", "line 2, column 'v': '∞' is not a number.")]
    [InlineData("k,v\nx,0x10\n", "line 2, column 'v': '0x10' is not a number.")]
    [InlineData("k,v\nx,1.234.567\n", "line 2, column 'v': '1.234.567' is not a number.")]
    [InlineData("k,v\nx,\"1.234,5\"\n", "line 2, column 'v': '1.234,5' is not a number.")]
    [InlineData("k,v\nx,1 000\n", "line 2, column 'v': '1 000' is not a number.")]
    [InlineData("k,v\nx,-\n", "line 2, column 'v': '-' is not a number.")]
    [InlineData("k,v\nx,１\n", "line 2, column 'v': '１' is not a number.")]
    [InlineData("k,v\nx,1e400\n", "line 2, column 'v': '1e400' is too large for a decimal.")]
    [InlineData(
        "k,v\nx,79228162514264337593543950336\n",
        "line 2, column 'v': '79228162514264337593543950336' is too large for a decimal."
    )]
    [InlineData("k,v\nx,1e-400\n", "line 2, column 'v': '1e-400' has too many digits for a decimal.")]
    [InlineData("k,v\nx,1e-99999999999\n", "line 2, column 'v': '1e-99999999999' has too many digits for a decimal.")]
    [InlineData(
        "k,v\nx,0.00000000000000000000000000001\n",
        "line 2, column 'v': '0.00000000000000000000000000001' has too many digits for a decimal."
    )]
    [InlineData(
        "k,v\nx,1.23456789012345678901234567890123\n",
        "line 2, column 'v': '1.23456789012345678901234567890123' has too many digits for a decimal."
    )]
    [InlineData(
        "k,v\nx,10000000000000000000000000000\nx,0.01\n",
        "line 3, column 'v': the sum of the group 'x' has too many digits for a decimal."
    )]
    [InlineData("k,v\nx,\"1,5\"\n", "line 2, column 'v': '1,5' is not a number.")]
    [InlineData(
        "k,v\nx,79228162514264337593543950335\nx,1\n",
        "line 3, column 'v': the sum of the group 'x' has too many digits for a decimal."
    )]
    [InlineData("k,w\nx,1\n", "line 1: there is no column 'v'; the columns are: k, w.")]
    [InlineData("\n\n", "line 1: the file is empty; a header with the columns 'k' and 'v' was expected.")]
    [InlineData("", "line 1: the file is empty; a header with the columns 'k' and 'v' was expected.")]
    [InlineData(
        "k,v\nx,1\ny,\"2\nz,3\n",
        "line 3: the text is not CSV according to RFC 4180: Malformed CSV in record 3 (line 3): a quoted field that is never closed (byte "
            + "offset 17)."
    )]
    public async Task Run_BadContent_NamesFileColumnAndLine(string content, string problem, string groupBy = "k", string value = "v")
    {
        using var file = new TemporaryFile(content);
        foreach (var chunkRows in new[] { 1000, 2 })
        {
            var error = await Should.ThrowAsync<FailedRunException>(() => ReportAsync(file.Path, groupBy, value, chunkRows));
            error.State.Message.ShouldBe($"{file.Path}, {problem}");
        }
    }

    [Fact]
    public async Task Run_BadNumberInALaterChunk_NamesTheLineOfTheFile()
    {
        using var file = new TemporaryFile(Tricky.Replace(" 3 ", "three", StringComparison.Ordinal));
        var error = await Should.ThrowAsync<FailedRunException>(() => ReportAsync(file.Path, "key", "the \"value\"", 2));
        error.State.Message.ShouldBe($"{file.Path}, line 13, column 'the \"value\"': 'three' is not a number.");
    }

    [Theory]
    [InlineData("0.10", "0.10")]
    [InlineData("1e2", "100")]
    [InlineData("-0.0000000000000000000000000001", "-0.0000000000000000000000000001")]
    [InlineData("1.50000000000000000000000000000000000000", "1.5000000000000000000000000000")]
    [InlineData("0e-400", "0.0000000000000000000000000000")]
    [InlineData("+7", "7")]
    [InlineData(" 7 ", "7")]
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5")]
    public async Task Run_UnusualButExactNumber_IsTaken(string number, string sum)
    {
        using var file = new TemporaryFile($"k,v\nx,{number}\n");
        (await ReportAsync(file.Path, "k", "v")).ShouldContain($"\"sum\":{sum},");
    }

    [Fact]
    public async Task Run_EmptyKeysAndSpaces_AreGroupsOfTheirOwn()
    {
        using var file = new TemporaryFile("k,v\n,1\n\"\",2\n x,4\nx,8\n");
        (await ReportAsync(file.Path, "k", "v")).ShouldBe(
            """{"rows":4,"groups":[{"key":"","count":2,"sum":3,"min":1,"max":2},{"key":" x","count":1,"sum":4,"min":4,"max":4},{"key":"x","count":1,"sum":8,"min":8,"max":8}]}"""
        );
    }

    [Theory]
    [InlineData("k,v\n\"x\"y,1\n")]
    [InlineData("k,v\nx\"y,1\n")]
    [InlineData("k,v\n\"x\n,1\n")]
    public async Task Run_QuotesWhereNoneBelong_AreRefused(string content)
    {
        using var file = new TemporaryFile(content);
        var error = await Should.ThrowAsync<FailedRunException>(() => ReportAsync(file.Path, "k", "v"));
        error.State.Message.ShouldNotBeNull().ShouldContain("the text is not CSV according to RFC 4180");
    }

    [Fact]
    public async Task Run_MissingFile_NamesIt()
    {
        var path = Path.Combine(Path.GetTempPath(), "no-such-file.csv");
        var error = await Should.ThrowAsync<FailedRunException>(() => ReportAsync(path, "k", "v"));
        error.State.Message.ShouldBe($"{path}: there is no such file.");
    }

    [Fact]
    public async Task Run_Directory_NamesIt()
    {
        var folder = Directory.CreateTempSubdirectory("csv-");
        var error = await Should.ThrowAsync<FailedRunException>(() => ReportAsync(folder.FullName, "k", "v"));
        error.State.Message.ShouldBe($"{folder.FullName}: only regular files can be read, not folders, pipes, sockets or devices.");
        folder.Delete();
    }

    [Fact]
    public void Aggregate_FileChangedAfterThePlan_SaysSo()
    {
        using var file = new TemporaryFile("k,v\nx,1\n");
        var files = new SampleFiles(Path.GetTempPath());
        var plan = CsvPlanner.Plan(files, file.Path, "k", "v", 1000, CancellationToken.None);
        File.WriteAllText(file.Path, "k,v\nx,2\n");
        File.SetLastWriteTimeUtc(file.Path, plan.Version.Changed.UtcDateTime.AddSeconds(1));

        Should
            .Throw<CsvReportException>(() =>
                CsvChunkReader.Aggregate(files, file.Path, plan.Columns, plan.Version, plan.Chunks[0], CancellationToken.None)
            )
            .Message.ShouldBe($"{file.Path}: the file was changed during reading.");
    }

    [Fact]
    public async Task Run_OtherEncodings_AreRefused()
    {
        using var wide = new TemporaryFile([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("k,v\nx,1\n")]);
        (await Should.ThrowAsync<FailedRunException>(() => ReportAsync(wide.Path, "k", "v"))).State.Message.ShouldBe(
            $"{wide.Path}, line 1: the file is in UTF-16; it must be in UTF-8."
        );
        using var latin = new TemporaryFile(Encoding.Latin1.GetBytes("k,v\nx,1\né,2\n"));
        (await Should.ThrowAsync<FailedRunException>(() => ReportAsync(latin.Path, "k", "v"))).State.Message.ShouldBe(
            $"{latin.Path}, line 3, column 'k': the text is not UTF-8."
        );
    }

    [Fact]
    public void Aggregate_FileBecameShorter_SaysSo()
    {
        using var file = new TemporaryFile("k,v\nx,1\n");
        var files = new SampleFiles(Path.GetTempPath());
        var plan = CsvPlanner.Plan(files, file.Path, "k", "v", 1000, CancellationToken.None);
        Should
            .Throw<CsvReportException>(() =>
                CsvChunkReader.Aggregate(files, file.Path, plan.Columns, plan.Version, new CsvChunk(4, 100, 2), CancellationToken.None)
            )
            .Message.ShouldEndWith("the file became shorter during reading.");
    }

    [Fact]
    public void Plan_QuoteThatSwallowsALargeFile_StopsReading()
    {
        using var file = new TemporaryFile("k,v\nx,\"" + new string('y', 40 * 1024 * 1024));
        Should
            .Throw<CsvReportException>(() =>
                CsvPlanner.Plan(new SampleFiles(Path.GetTempPath()), file.Path, "k", "v", 1000, CancellationToken.None)
            )
            .Message.ShouldContain(file.Path);
    }

    private async Task<string> ReportAsync(string path, string groupBy, string value, int chunkRows = 1000) =>
        (
            await _run.RunAsync(
                "csv-report",
                new
                {
                    path,
                    group_by = groupBy,
                    value,
                    chunk_rows = chunkRows,
                }
            )
        )!;
}
