using Serverless.Storage.Sqlite;

namespace Serverless.Storage.Tests.Sqlite;

public sealed class SqliteRowStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_FolderInUse_IsRefusedInOneLine()
    {
        await using var first = Open();

        var refused = Should.Throw<DataFolderInUseException>(Open);
        refused.Folder.ShouldBe(Path.GetDirectoryName(_folder.Database));
        refused.Message.ShouldBe($"The data folder '{refused.Folder}' is in use by another process.");
    }

    [Fact]
    public async Task Open_AfterClose_HasTheRowsAndAnEmptyLog()
    {
        await using (var first = Open())
        {
            await InsertAsync(first, "r");
        }

        File.Exists(_folder.Database + "-wal").ShouldBeFalse();
        await using var second = Open();
        (await second.GetAsync(At("r"))).ShouldNotBeNull();
    }

    [Fact]
    public async Task Commit_RowDeletedBeforeARestart_NeverGetsItsETagAgain()
    {
        HashSet<string> etags = [];
        for (var i = 0; i < 3; i++)
        {
            await using var store = Open();
            etags.Add(await InsertAsync(store, "r")).ShouldBeTrue();
            await store.CommitAsync(new RowCommit().Add(RowOperation.Delete(At("r"))));
        }
    }

    [Fact]
    public async Task AnyCall_StoreClosed_IsUnavailable()
    {
        var store = Open();
        await InsertAsync(store, "r");
        await store.DisposeAsync();
        await store.DisposeAsync();

        await Should.ThrowAsync<RowStoreUnavailableException>(async () => await store.GetAsync(At("r")));
        await Should.ThrowAsync<RowStoreUnavailableException>(async () => await store.QueryAsync(RowRange.WholeTable("things")));
        await Should.ThrowAsync<RowStoreUnavailableException>(async () => await InsertAsync(store, "s"));
    }

    [Fact]
    public async Task Dispose_CommitsQueued_WritesThem()
    {
        var store = Open();
        Task<string>[] commits = [.. Enumerable.Range(0, 50).Select(i => InsertAsync(store, $"{i:D2}"))];
        await store.DisposeAsync();
        await Task.WhenAll(commits);

        await using var again = Open();
        (await again.QueryAsync(RowRange.WholeTable("things"))).Rows.Count.ShouldBe(50);
    }

    [Fact]
    public async Task Commit_DiskFull_FailsClearlyAndTheStoreGoesOn()
    {
        await using SqliteRowStore store = SqliteRowStore.Open(new() { Path = _folder.Database, MaxPages = 40 });
        await InsertAsync(store, "before");

        var failure = await Should.ThrowAsync<RowStoreUnavailableException>(() => InsertAsync(store, "big", 1024 * 1024));
        failure.Message.ShouldContain("full");
        (await store.GetAsync(At("big"))).ShouldBeNull();
        await InsertAsync(store, "after");
        store.Health.WriteFailure.ShouldNotBeNull("a small commit says nothing about larger ones").ShouldContain("full");

        (await store.GetAsync(At("before"))).ShouldNotBeNull();
        (await store.GetAsync(At("after"))).ShouldNotBeNull();
        store.GetStatistics().FailedGroups.ShouldBe(1);
    }

    [Fact]
    public async Task Health_CommitOfTheSameSizeSucceeds_IsWellAgain()
    {
        await using SqliteRowStore store = SqliteRowStore.Open(new() { Path = _folder.Database, MaxPages = 40 });
        await InsertAsync(store, "some", 100_000);
        await Should.ThrowAsync<RowStoreUnavailableException>(() => InsertAsync(store, "more", 200_000));
        store.Health.WriteFailure.ShouldNotBeNull();

        await store.CommitAsync(new RowCommit().Add(RowOperation.Delete(At("some"))));
        await InsertAsync(store, "fits", 200_000);

        store.Health.WriteFailure.ShouldBeNull();
    }

    [Fact]
    public async Task Query_MoreCallersThanReaders_AllAreServed()
    {
        await using SqliteRowStore store = SqliteRowStore.Open(new() { Path = _folder.Database, MaxReaders = 1 });
        await InsertAsync(store, "r");

        var rows = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () => await store.GetAsync(At("r")))));
        rows.ShouldAllBe(row => row != null);
    }

    [Fact]
    public async Task Commit_WhileReadersStayInTheLog_KeepsTheLogSmall()
    {
        await using SqliteRowStore store = SqliteRowStore.Open(
            new()
            {
                Path = _folder.Database,
                Durability = SqliteDurability.Normal,
                CheckpointPages = 32,
            }
        );
        await InsertAsync(store, "first");
        using CancellationTokenSource stop = new();
        Task[] readers =
        [
            .. Enumerable
                .Range(0, 2)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        while (!stop.IsCancellationRequested)
                        {
                            await store.QueryAsync(RowRange.WholeTable("things"), 100);

                            // Reads complete synchronously; without this the loop would keep its thread.
                            await Task.Yield();
                        }
                    })
                ),
        ];

        for (var i = 0; i < 150; i++)
        {
            await InsertAsync(store, $"{i:D4}", 80_000);
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);

        // 1,500 pages and more were written, through a log that may hold 4 times 32 before readers are waited for.
        new FileInfo(_folder.Database + "-wal").Length.ShouldBeLessThan(400 * 8192);
        store.GetStatistics().FailedCheckpoints.ShouldBe(0);
    }

    [Fact]
    public async Task Delete_OfMostOfTheRows_GivesTheSpaceBackInSmallSteps()
    {
        await using SqliteRowStore store = SqliteRowStore.Open(new() { Path = _folder.Database, Durability = SqliteDurability.Normal });
        for (var i = 0; i < 60; i++)
        {
            await InsertAsync(store, $"{i:D4}", 200_000);
        }

        for (var i = 0; i < 59; i++)
        {
            await store.CommitAsync(new RowCommit().Add(RowOperation.Delete(At($"{i:D4}"))));
        }

        // 12 MB were written, of which 1 MiB and one row may stay.
        for (var i = 0; i < 1500 && new FileInfo(_folder.Database).Length is 0 or > 2_000_000; i++)
        {
            await Task.Delay(10);
        }

        new FileInfo(_folder.Database).Length.ShouldBeLessThan(2_000_000);
        (await store.GetAsync(At("0059"))).ShouldNotBeNull();
        await InsertAsync(store, "goes on");
    }

    [Fact]
    public async Task GetStatistics_AfterCommits_CountsThem()
    {
        await using var store = Open();
        await InsertAsync(store, "r");
        (await store.CommitAsync(new RowCommit().Add(RowOperation.Insert(At("r"), [])))).Succeeded.ShouldBeFalse();

        var statistics = store.GetStatistics();
        statistics.Commits.ShouldBe(2);
        statistics.Groups.ShouldBe(2);
        statistics.Conflicts.ShouldBe(1);
        statistics.Rows.ShouldBe(1);
        statistics.Syncs.ShouldBe(2);
        statistics.SyncTime.ShouldBeGreaterThan(TimeSpan.Zero);
    }

    private static RowAddress At(string row) => new("things", "p", row);

    private static async Task<string> InsertAsync(SqliteRowStore store, string row, int size = 10)
    {
        var result = await store.CommitAsync(new RowCommit().Add(RowOperation.Insert(At(row), new() { { "doc", new byte[size] } })));
        return result.ETags[0]!;
    }

    private SqliteRowStore Open() => SqliteRowStore.Open(new() { Path = _folder.Database });
}
