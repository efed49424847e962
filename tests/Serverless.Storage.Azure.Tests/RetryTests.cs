using System.Net;
using Serverless.Storage.Azure.Tests.Fixtures;
using Serverless.Storage.Tests.Contract;

namespace Serverless.Storage.Azure.Tests;

[Collection(nameof(AzuriteTests))]
public sealed class RetryTests(AzuriteFixture azurite) : IAsyncLifetime, IDisposable
{
    private static readonly RowAddress Address = new("things", "p", "r");
    private static readonly RowAddress Derived = new("lists", "all", "r");

    private readonly FaultHandler _faults = new();
    private AzureTableRowStore _store = null!;
    private string _etag = null!;

    public async Task InitializeAsync()
    {
        _store = await azurite.OpenAsync(faults: _faults, tryTimeout: TimeSpan.FromSeconds(2));
        _etag = (
            await CommitAsync(
                RowOperation.Insert(new("things", "p", "old"), Value(1)),
                RowOperation.Upsert(new("lists", "all", "old"), Value(1))
            )
        ).ETags[0]!;
    }

    public async Task DisposeAsync()
    {
        _faults.OnRequest = null;
        await _store.DisposeAsync();
    }

    public void Dispose() => _faults.Dispose();

    [StoreTheory]
    [InlineData(HttpStatusCode.TooManyRequests, null)]
    [InlineData(HttpStatusCode.TooManyRequests, "1")]
    [InlineData(HttpStatusCode.ServiceUnavailable, null)]
    [InlineData(HttpStatusCode.ServiceUnavailable, "1")]
    [InlineData(HttpStatusCode.InternalServerError, null)]
    [InlineData(HttpStatusCode.RequestTimeout, null)]
    public async Task AnyCall_RefusedForAWhile_IsTriedAgain(HttpStatusCode status, string? retryAfter)
    {
        FailTimes(retryAfter is null ? 4 : 1, Fault.Refuse(status, retryAfter));
        (await CommitAsync(RowOperation.Insert(Address, Large()), RowOperation.Upsert(Derived, Large()))).Succeeded.ShouldBeTrue();
        FailTimes(retryAfter is null ? 4 : 1, Fault.Refuse(status, retryAfter));
        (await _store.GetAsync(Address)).ShouldNotBeNull().Properties.GetBytes("bytes").Length.ShouldBe(100_000);
        FailTimes(retryAfter is null ? 4 : 1, Fault.Refuse(status, retryAfter));
        (await _store.QueryAsync(RowRange.WholeTable("lists"))).Rows.Count.ShouldBe(2);
    }

    [StoreTheory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.Forbidden)]
    public async Task AnyCall_RefusedForLong_SaysThatTheStoreIsUnavailable(HttpStatusCode status)
    {
        _faults.OnRequest = _ => Fault.Refuse(status);
        await ShouldBeUnavailableAsync();
    }

    [StoreTheory]
    [InlineData(HttpStatusCode.Conflict)]
    [InlineData(HttpStatusCode.PreconditionFailed)]
    public async Task Upsert_RefusedAlthoughItHasNoCondition_IsTriedAgain(HttpStatusCode status)
    {
        FailTimes(3, Fault.Refuse(status), IsBatch);
        (await CommitAsync(RowOperation.Upsert(Address, Value(1)))).Succeeded.ShouldBeTrue();
        _faults.OnRequest = request => IsBatch(request) ? Fault.Refuse(status) : Fault.None;
        await Should.ThrowAsync<RowStoreUnavailableException>(async () => await CommitAsync(RowOperation.Upsert(Address, Value(1))));
    }

    [StoreFact]
    public async Task AnyCall_ServerAway_SaysThatTheStoreIsUnavailableUntilItIsBack()
    {
        _faults.OnRequest = _ => Fault.NeverSent;
        await ShouldBeUnavailableAsync();
        _faults.OnRequest = null;
        (await _store.GetAsync(new("things", "p", "old"))).ShouldNotBeNull();
    }

    [StoreFact]
    public async Task AnyCall_CallerGivesUp_IsCancelled()
    {
        using CancellationTokenSource caller = new();
        _faults.OnRequest = _ =>
        {
            caller.Cancel();
            return Fault.NeverSent;
        };
        await Should.ThrowAsync<OperationCanceledException>(async () => await _store.GetAsync(Address, caller.Token));
    }

    [StoreTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Insert_AnswerLost_RecognizesItsOwnWrite(bool timeout)
    {
        FailTimes(1, timeout ? Fault.NoAnswer : Fault.AnswerLost, IsBatch);
        var result = await CommitAsync(RowOperation.Insert(Address, Value(1)));

        result.Succeeded.ShouldBeTrue();
        (await _store.GetAsync(Address))!.ETag.ShouldBe(result.ETags[0]);
        (await CommitAsync(RowOperation.Replace(Address, Value(2), result.ETags[0]!))).Succeeded.ShouldBeTrue();
    }

    [StoreFact]
    public async Task Replace_AnswerLost_RecognizesItsOwnWrite()
    {
        FailTimes(1, Fault.AnswerLost, IsBatch);
        var result = await CommitAsync(RowOperation.Replace(new("things", "p", "old"), Large(), _etag));

        result.Succeeded.ShouldBeTrue();
        (await _store.GetAsync(new("things", "p", "old")))!.ETag.ShouldBe(result.ETags[0]);
    }

    [StoreFact]
    public async Task Delete_AnswerLost_CountsAsDone()
    {
        FailTimes(1, Fault.AnswerLost, IsBatch);
        (await CommitAsync(RowOperation.Delete(new("things", "p", "old"), _etag))).Succeeded.ShouldBeTrue();
        FailTimes(1, Fault.AnswerLost, IsBatch);
        (await CommitAsync(RowOperation.Delete(new("things", "p", "old")))).Succeeded.ShouldBeTrue();
    }

    [StoreFact]
    public async Task CommitWithEverything_EveryAnswerLostOnce_IsAppliedOnce()
    {
        await CommitAsync(RowOperation.Insert(new("things", "p", "gone"), Value(1)));
        HashSet<string> seen = [];
        _faults.OnRequest = request => request.Method != HttpMethod.Get && Once(seen, request) ? Fault.AnswerLost : Fault.None;
        var commit = new RowCommit()
            .Add(RowOperation.Insert(Address, Large()))
            .Add(RowOperation.Replace(new("things", "p", "old"), Large(), _etag))
            .Add(RowOperation.Delete(new("things", "p", "gone")))
            .Add(RowOperation.Delete(new("things", "p", "never there")))
            .AddDerived(RowOperation.Upsert(Derived, Large()))
            .AddDerived(RowOperation.Delete(new("lists", "all", "old")))
            .AddDerived(RowOperation.Delete(new("lists", "other", "never there")));
        var result = await _store.CommitAsync(commit);

        result.Succeeded.ShouldBeTrue();
        _faults.OnRequest = null;
        (await _store.GetAsync(Address))!.ETag.ShouldBe(result.ETags[0]);
        (await _store.GetAsync(new("things", "p", "old")))!.ETag.ShouldBe(result.ETags[1]);
        (await _store.QueryAsync(RowRange.WholeTable("things"))).Rows.Select(row => row.RowKey).ShouldBe(["old", "r"]);
        (await _store.QueryAsync(RowRange.WholeTable("lists")))
            .Rows.ShouldHaveSingleItem()
            .Properties.GetBytes("bytes")
            .Length.ShouldBe(100_000);
    }

    [StoreFact]
    public async Task Insert_AnswerLostAndRowThere_StaysAConflict()
    {
        FailTimes(1, Fault.AnswerLost, IsBatch);
        var result = await CommitAsync(RowOperation.Insert(new("things", "p", "old"), Value(9)));

        result.Conflict.ShouldBe(new("things", "p", "old"));
        (await _store.GetAsync(new("things", "p", "old")))!.ETag.ShouldBe(_etag);
    }

    [StoreFact]
    public async Task Commit_DerivedRowsRefused_HasSucceededAndCompletesLater()
    {
        var batches = 0;
        _faults.OnRequest = request => IsBatch(request) && ++batches > 1 ? Fault.NeverSent : Fault.None;
        (await CommitAsync(RowOperation.Insert(Address, Value(1)), RowOperation.Upsert(Derived, Value(2)))).Succeeded.ShouldBeTrue();
        (await _store.GetAsync(Derived)).ShouldBeNull();

        _faults.OnRequest = null;
        await _store.DisposeAsync();
        (await _store.GetAsync(Derived)).ShouldNotBeNull();
    }

    private static RowProperties Value(int value) => new() { { "value", value } };

    private static RowProperties Large() => new() { { "bytes", new byte[100_000] } };

    private static bool IsBatch(HttpRequestMessage request) =>
        request.RequestUri!.AbsolutePath.EndsWith("$batch", StringComparison.Ordinal);

    private static bool Once(HashSet<string> seen, HttpRequestMessage request)
    {
        // A retry bears the same id.
        var id = request.Headers.GetValues("x-ms-client-request-id").First();
        lock (seen)
        {
            return seen.Add(id);
        }
    }

    private async Task ShouldBeUnavailableAsync()
    {
        await Should.ThrowAsync<RowStoreUnavailableException>(async () => await CommitAsync(RowOperation.Insert(Address, Value(1))));
        await Should.ThrowAsync<RowStoreUnavailableException>(async () =>
            await CommitAsync(RowOperation.Insert(Address, Large()), RowOperation.Upsert(Derived, Value(1)))
        );
        await Should.ThrowAsync<RowStoreUnavailableException>(async () => await _store.GetAsync(Address));
        await Should.ThrowAsync<RowStoreUnavailableException>(async () => await _store.QueryAsync(RowRange.WholeTable("things")));
        var last = await Should.ThrowAsync<RowStoreUnavailableException>(async () => await _store.SweepAsync());
        last.Message.ShouldNotContain("\n");
    }

    private void FailTimes(int times, Fault fault, Func<HttpRequestMessage, bool>? which = null) =>
        _faults.OnRequest = request => which?.Invoke(request) != false && Interlocked.Decrement(ref times) >= 0 ? fault : Fault.None;

    private ValueTask<CommitResult> CommitAsync(RowOperation operation, params RowOperation[] derived)
    {
        var commit = new RowCommit().Add(operation);
        foreach (var row in derived)
        {
            commit.AddDerived(row);
        }

        return _store.CommitAsync(commit);
    }
}
