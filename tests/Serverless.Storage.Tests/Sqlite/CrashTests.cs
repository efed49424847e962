using System.Diagnostics;
using Serverless.Storage.Sqlite;

namespace Serverless.Storage.Tests.Sqlite;

public sealed class CrashTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Commit_ProcessKilledAgainAndAgain_KeepsEveryAcknowledgedCommitWhole()
    {
        Dictionary<string, List<string>> acknowledged = [];
        for (int run = 0; run < 5; run++)
        {
            acknowledged[$"run{run}"] = await RunUntilKilledAsync($"run{run}", acknowledgements: 50 + (run * 333));
        }

        await using SqliteRowStore store = SqliteRowStore.Open(new() { Path = _folder.Database });
        HashSet<string> things = await ReadKeysAsync(store, "things", row => $"{row.PartitionKey}/{row.RowKey}");
        HashSet<string> lists = await ReadKeysAsync(store, "lists", row => $"{row.PartitionKey.Split('|')[0]}/{row.RowKey}");

        foreach ((string run, List<string> rows) in acknowledged)
        {
            rows.ShouldNotBeEmpty();
            rows.ShouldAllBe(row => things.Contains($"{run}/{row}"));
        }

        lists.SetEquals(things).ShouldBeTrue("a commit was written in part");
    }

    private static async Task<HashSet<string>> ReadKeysAsync(SqliteRowStore store, string table, Func<Row, string> key)
    {
        HashSet<string> keys = [];
        string? continuation = null;
        do
        {
            RowPage page = await store.QueryAsync(RowRange.WholeTable(table), continuation: continuation);
            keys.UnionWith(page.Rows.Select(key));
            continuation = page.Continuation;
        }
        while (continuation is not null);

        return keys;
    }

    private async Task<List<string>> RunUntilKilledAsync(string run, int acknowledgements)
    {
        ProcessStartInfo start = new("dotnet", [typeof(Program).Assembly.Location, _folder.Database, run])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using Process process = Process.Start(start)!;
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
