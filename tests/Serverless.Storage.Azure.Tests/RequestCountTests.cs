using Serverless.Storage.Azure.Tests.Fixtures;
using Serverless.Storage.Tests.Contract;
using Serverless.Testing;

namespace Serverless.Storage.Azure.Tests;

/// <summary>Every request is paid for.</summary>
[Collection(nameof(AzuriteTests))]
public sealed class RequestCountTests(AzuriteFixture azurite) : IAsyncLifetime, IDisposable
{
    private static readonly string[] OneBatch = ["POST $batch"];

    private readonly FaultHandler _wire = new();
    private readonly ManualTimeProvider _clock = new();
    private AzureTableRowStore _store = null!;

    public async Task InitializeAsync()
    {
        _store = await azurite.OpenAsync(time: _clock, faults: _wire);

        // The tables exist from here on.
        await CommitAsync("first", derived: "first");
        await _store.CommitAsync(new RowCommit().Add(RowOperation.Upsert(new("other", "p", "r"), [])));
        _clock.Advance(TimeSpan.FromSeconds(30));
        await _store.IdleAsync();
        _wire.Clear();
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
    }

    public void Dispose() => _wire.Dispose();

    [StoreFact]
    public async Task Get_Row_IsOneRequest()
    {
        await _store.GetAsync(new("things", "first", "r"));
        await _store.GetAsync(new("things", "first", "absent"));
        _wire.Sent.Count.ShouldBe(2);
    }

    [StoreFact]
    public async Task Query_PageOfOnePartition_IsOneRequest()
    {
        await _store.QueryAsync(RowRange.Partition("lists", "first"));
        _wire.Sent.Count.ShouldBe(1);
    }

    [StoreFact]
    public async Task Commit_WithoutDerivedRows_IsOneTransaction()
    {
        await CommitAsync("a");
        _wire.Sent.ShouldBe(OneBatch);
        var etag = (await _store.GetAsync(new("things", "a", "r")))!.ETag;
        _wire.Clear();

        await _store.CommitAsync(
            new RowCommit()
                .Add(RowOperation.Replace(new("things", "a", "r"), [], etag))
                .Add(RowOperation.Insert(new("things", "a", "s"), []))
        );
        _wire.Sent.ShouldBe(OneBatch);
        _wire.Clear();

        (await _store.CommitAsync(new RowCommit().Add(RowOperation.Insert(new("things", "a", "s"), [])))).Succeeded.ShouldBeFalse();
        _wire.Sent.ShouldBe(OneBatch);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await _store.IdleAsync();
        _wire.Sent.ShouldBe(OneBatch);
    }

    [StoreFact]
    public async Task Commit_WithDerivedRowsInOnePartition_IsTwoTransactionsAndItsShareOfARegistration()
    {
        await CommitAsync("a", derived: "l");
        _wire.Sent.Count.ShouldBe(3);
        for (var i = 0; i < 4; i++)
        {
            // The journal row of the one before rides along.
            _clock.Advance(TimeSpan.FromSeconds(4));
            _wire.Clear();
            await CommitAsync("a", derived: "l");
            _wire.Sent.Count.ShouldBe(2);
        }

        _wire.Clear();
        _clock.Advance(TimeSpan.FromSeconds(5));
        await _store.IdleAsync();

        // The last journal row, then the registration, whose 20 s are over.
        _wire.Sent.Count.ShouldBe(2);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await _store.IdleAsync();
        _wire.Sent.Count.ShouldBe(2);
    }

    [StoreFact]
    public async Task Commit_ManyPartitionsAtOnce_ShareRegistrationsAndTheirDeletion()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => CommitAsync($"p{i}", derived: "l")));

        // One goes at once, the others while it is under way go together.
        var registrations = _wire.Sent.Count - 100;
        registrations.ShouldBeInRange(1, 10);
        _wire.Clear();
        _clock.Advance(TimeSpan.FromSeconds(5));
        await _store.IdleAsync();
        _wire.Sent.Count.ShouldBe(50);
        _wire.Clear();
        _clock.Advance(TimeSpan.FromSeconds(30));
        await _store.IdleAsync();
        _wire.Sent.ShouldBe(OneBatch);
    }

    [StoreFact]
    public async Task Sweep_NothingToDo_ReadsTheRegistrationsOnly()
    {
        await _store.SweepAsync();
        _wire.Clear();
        _clock.Advance(TimeSpan.FromMinutes(1));
        await _store.SweepAsync();
        _wire.Sent.Count.ShouldBe(8);
        _wire.Sent.ShouldAllBe(request => request.StartsWith("GET", StringComparison.Ordinal));
    }

    private async Task CommitAsync(string partition, string? derived = null)
    {
        var commit = new RowCommit().Add(RowOperation.Upsert(new("things", partition, "r"), new() { { "value", 1 } }));
        if (derived is not null)
        {
            commit
                .AddDerived(RowOperation.Upsert(new("lists", derived, partition), []))
                .AddDerived(RowOperation.Upsert(new("lists", derived, partition + "2"), []));
        }

        (await _store.CommitAsync(commit)).Succeeded.ShouldBeTrue();
    }
}
