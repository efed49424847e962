using System.Diagnostics;
using Serverless.Storage.Columns;
using Serverless.Storage.Sqlite;

namespace Serverless.Storage.Tests.Sqlite;

public sealed class CrashTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Each start is also one that must not take a folder for damaged.
    [Theory]
    [InlineData(SqliteDurability.Full)]
    [InlineData(SqliteDurability.Normal)]
    public async Task Commit_ProcessKilledAgainAndAgain_KeepsEveryAcknowledgedCommitWhole(SqliteDurability durability)
    {
        Dictionary<string, List<string>> acknowledged = [];
        foreach (var acknowledgements in (int[])[1, 2, 50, 383, 716, 1049, 1382])
        {
            var run = $"run{acknowledgements}";
            acknowledged[run] = await RunUntilKilledAsync(run, durability, acknowledgements);
        }

        await using SqliteRowStore store = SqliteRowStore.Open(new() { Path = _folder.Database });
        var things = await ReadKeysAsync(store, "things", row => $"{row.PartitionKey}/{row.RowKey}");
        var lists = await ReadKeysAsync(store, "lists", row => $"{row.PartitionKey.Split('|')[0]}/{row.RowKey}");

        foreach ((var run, var rows) in acknowledged)
        {
            rows.ShouldNotBeEmpty();
            rows.ShouldAllBe(row => things.Contains($"{run}/{row}"));
        }

        lists.SetEquals(things).ShouldBeTrue("a commit was written in part");
        (await ReadRowsAsync(store, CrashedColumns.Table)).SetEquals(things).ShouldBeTrue("columns were written without their rows");
        (await ReadRowsAsync(store, CrashedColumns.Latest))
            .SetEquals(things.GroupBy(thing => thing.Split('|')[0]).Select(ofCaller => ofCaller.Max(StringComparer.Ordinal)!))
            .ShouldBeTrue("the latest of a caller is another row");
    }

    [Fact]
    public async Task Open_ProcessKilledWhileItStartsOrCloses_IsNeverRefused()
    {
        for (var delay = 0; delay < 12; delay++)
        {
            ProcessStartInfo start = new(
                "dotnet",
                [typeof(Program).Assembly.Location, _folder.Database, $"start{delay}", nameof(SqliteDurability.Full), "reopen"]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();

            // A line for every time that the process opens the store: it is killed that many lines later, wherever it is then.
            for (var line = 0; line <= delay * 3 && await process.StandardOutput.ReadLineAsync() is not null; line++) { }

            process.Kill();
            await process.WaitForExitAsync();
            (await errors).ShouldBeEmpty();
        }

        await using SqliteRowStore store = SqliteRowStore.Open(new() { Path = _folder.Database });
        (await store.QueryAsync(RowRange.WholeTable("things"))).Rows.ShouldNotBeEmpty();
    }

    private static async Task<HashSet<string>> ReadKeysAsync(SqliteRowStore store, string table, Func<Row, string> key)
    {
        HashSet<string> keys = [];
        string? continuation = null;
        do
        {
            var page = await store.QueryAsync(RowRange.WholeTable(table), continuation: continuation);
            keys.UnionWith(page.Rows.Select(key));
            continuation = page.Continuation;
        } while (continuation is not null);

        return keys;
    }

    private static async Task<HashSet<string>> ReadRowsAsync(SqliteRowStore store, ColumnTable table)
    {
        var row = table.Columns.Single(column => column.Name == CrashedColumns.Row.Name);
        var groups = await store.Columns.SumAsync(new(table, Criterion.Everything, [row]));
        return [.. groups.Select(group => (string)group.Values[0]!)];
    }

    private async Task<List<string>> RunUntilKilledAsync(string run, SqliteDurability durability, int acknowledgements)
    {
        ProcessStartInfo start = new("dotnet", [typeof(Program).Assembly.Location, _folder.Database, run, durability.ToString()])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        List<string> rows = [];
        while (await process.StandardOutput.ReadLineAsync() is { } row)
        {
            rows.Add(row);
            if (rows.Count == acknowledgements)
            {
                Should.Throw<DataFolderInUseException>(() => SqliteRowStore.Open(new() { Path = _folder.Database }));
                process.Kill();
            }
        }

        await process.WaitForExitAsync();
        rows.Count.ShouldBeGreaterThanOrEqualTo(acknowledgements);

        // The pipe may end within the last line.
        return rows.FindAll(row => row.Length == 8);
    }
}
