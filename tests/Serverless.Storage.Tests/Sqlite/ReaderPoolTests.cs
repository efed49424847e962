using Serverless.Storage.Sqlite;

namespace Serverless.Storage.Tests.Sqlite;

public sealed class ReaderPoolTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ReaderPool _pool;

    public ReaderPoolTests() => _pool = new(_folder.Database, size: 2, new(null), new());

    public async Task InitializeAsync()
    {
        await using SqliteRowStore store = SqliteRowStore.Open(new() { Path = _folder.Database });
    }

    public async Task DisposeAsync() => await _pool.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TryPause_NobodyReads_HoldsReadersOffUntilResume()
    {
        _pool.TryPause(TimeSpan.FromMinutes(1)).ShouldBeTrue();

        var reader = _pool.RentAsync(CancellationToken.None).AsTask();
        reader.IsCompleted.ShouldBeFalse();
        _pool.Resume();
        _pool.Return(await reader);
    }

    [Fact]
    public async Task TryPause_AReadTakesLonger_GivesUpAndLetsReadersOn()
    {
        var slow = await _pool.RentAsync(CancellationToken.None);

        _pool.TryPause(TimeSpan.FromMilliseconds(1)).ShouldBeFalse();
        var other = await _pool.RentAsync(CancellationToken.None);
        _pool.Return(other);
        _pool.Return(slow);

        _pool.TryPause(TimeSpan.FromMinutes(1)).ShouldBeTrue();
        _pool.Resume();
    }

    [Fact]
    public async Task Rent_CancelledWhilePaused_Ends()
    {
        _pool.TryPause(TimeSpan.FromMinutes(1)).ShouldBeTrue();
        using CancellationTokenSource cancel = new();
        var reader = _pool.RentAsync(cancel.Token);
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await reader);
        _pool.Resume();
    }

    [Fact]
    public async Task Return_AfterAFailure_OpensAFreshConnection()
    {
        var failed = await _pool.RentAsync(CancellationToken.None);
        failed.Failed = true;
        _pool.Return(failed);

        var fresh = await _pool.RentAsync(CancellationToken.None);
        fresh.ShouldNotBeSameAs(failed);
        _pool.Return(fresh);
    }
}
