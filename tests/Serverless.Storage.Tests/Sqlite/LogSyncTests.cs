using Serverless.Storage.Sqlite;

namespace Serverless.Storage.Tests.Sqlite;

/// <summary>Who waits for the disk, and what a failure of it leads to.</summary>
public sealed class LogSyncTests : IDisposable
{
    private readonly SemaphoreSlim _disk = new(0);
    private readonly List<TimeSpan> _synced = [];
    private IOException? _error;
    private int _syncs;

    public void Dispose() => _disk.Dispose();

    [Fact]
    public async Task WhenDurable_NothingWritten_CompletesAtOnceWithoutASync()
    {
        using var sync = Start();

        sync.WhenDurableAsync().AsTask().IsCompletedSuccessfully.ShouldBeTrue();
        sync.Written();
        await DurableAsync(sync);

        sync.WhenDurableAsync().AsTask().IsCompletedSuccessfully.ShouldBeTrue();
        _syncs.ShouldBe(1);
        _synced.Count.ShouldBe(1);
    }

    [Fact]
    public async Task WhenDurable_GroupWrittenDuringASync_WaitsForTheNext()
    {
        using var sync = Start();
        sync.Written();
        var first = sync.WhenDurableAsync().AsTask();
        await WhenAsync(() => Volatile.Read(ref _syncs) == 1);

        sync.Written();
        Task[] later = [sync.WhenDurableAsync().AsTask(), sync.WhenDurableAsync().AsTask()];
        _disk.Release();
        await first;
        later.ShouldAllBe(task => !task.IsCompleted);

        _disk.Release();
        await Task.WhenAll(later);
        _syncs.ShouldBe(2);
    }

    [Fact]
    public async Task WhenDurable_DiskFails_NeverSaysThatAllIsWellAgain()
    {
        using var sync = Start();
        sync.Written();
        _error = new IOException("No disk.");
        _disk.Release();
        await Should.ThrowAsync<RowStoreUnavailableException>(async () => await sync.WhenDurableAsync());

        _error = null;
        sync.Written();
        _disk.Release();

        var lost = await Should.ThrowAsync<RowStoreUnavailableException>(async () => await sync.WhenDurableAsync());
        lost.Message.ShouldContain("No disk.");
        sync.Failure.ShouldBeSameAs(lost);
        TaskCompletionSource<Exception?> told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        sync.WhenDurable(2, told.SetResult);
        (await told.Task).ShouldBeSameAs(lost);
        _syncs.ShouldBe(1);
    }

    [Fact]
    public async Task Dispose_SomebodyWaits_IsServedFirst()
    {
        var sync = Start();
        sync.Written();
        var waits = sync.WhenDurableAsync().AsTask();
        _disk.Release();

        sync.Dispose();

        await waits;
        TaskCompletionSource<Exception?> late = new(TaskCreationOptions.RunContinuationsAsynchronously);
        sync.WhenDurable(1, late.SetResult);
        (await late.Task).ShouldBeNull();
    }

    [Fact]
    public async Task Commit_InAScopeOfDeferredCommits_AnswersBeforeTheDiskAndIsSeen()
    {
        using TemporaryFolder folder = new();
        await using SqliteRowStore store = SqliteRowStore.Open(
            new SqliteRowStoreOptions { Path = folder.Database, Durability = SqliteDurability.Full }
        );
        using (DeferredCommits.Begin())
        {
            for (var i = 0; i < 50; i++)
            {
                (
                    await store.CommitAsync(new RowCommit().Add(RowOperation.Upsert(new("things", "p", $"r{i}"), [])))
                ).Succeeded.ShouldBeTrue();
                (await store.GetAsync(new("things", "p", $"r{i}"))).ShouldNotBeNull();
            }
        }

        store.GetStatistics().Syncs.ShouldBe(0);
        await store.WhenDurableAsync();
        store.GetStatistics().Syncs.ShouldBe(1);
        await store.CommitAsync(new RowCommit().Add(RowOperation.Upsert(new("things", "p", "last"), [])));
        store.GetStatistics().Syncs.ShouldBe(2);
    }

    private LogSync Start() =>
        new(
            () =>
            {
                Interlocked.Increment(ref _syncs);
                _disk.Wait();
                if (_error is not null)
                {
                    throw _error;
                }
            },
            _synced.Add
        );

    private async Task DurableAsync(LogSync sync)
    {
        _disk.Release();
        await sync.WhenDurableAsync();
    }

    private static async Task WhenAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Yield();
        }
    }
}
