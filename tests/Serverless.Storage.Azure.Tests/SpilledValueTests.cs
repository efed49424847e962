using Serverless.Storage.Azure.Tests.Fixtures;
using Serverless.Storage.Tests.Contract;
using Serverless.Testing;

namespace Serverless.Storage.Azure.Tests;

[Collection(nameof(AzuriteTests))]
public sealed class SpilledValueTests(AzuriteFixture azurite)
{
    private static readonly RowAddress Address = new("things", "p", "r");

    private readonly string _prefix = AzuriteFixture.NewPrefix();
    private readonly ManualTimeProvider _clock = new();

    [StoreFact]
    public async Task Replace_WithETag_DeletesTheOldBlobAfterAWhile()
    {
        await using var store = await azurite.OpenAsync(_prefix, _clock);
        StoreInspection inspection = new(azurite.Options(_prefix));
        var first = await WriteAsync(store, 1, null);
        var second = await WriteAsync(store, 2, first);
        (await inspection.ListBlobsAsync()).Count.ShouldBe(2);

        await FlushAsync(store);
        (await inspection.ListBlobsAsync()).Count.ShouldBe(1);
        (await store.CommitAsync(new RowCommit().Add(RowOperation.Delete(Address, second)))).Succeeded.ShouldBeTrue();
        await FlushAsync(store);
        (await inspection.ListBlobsAsync()).ShouldBeEmpty();
    }

    [StoreFact]
    public async Task Commit_Conflict_DeletesWhatItSpilled()
    {
        await using var store = await azurite.OpenAsync(_prefix, _clock);
        await WriteAsync(store, 1, null);
        (await store.CommitAsync(new RowCommit().Add(RowOperation.Insert(Address, Large(2))))).Succeeded.ShouldBeFalse();

        await FlushAsync(store);
        (await new StoreInspection(azurite.Options(_prefix)).ListBlobsAsync()).Count.ShouldBe(1);
        (await store.GetAsync(Address))!.Properties.GetBytes("bytes")[0].ShouldBe((byte)1);
    }

    [StoreFact]
    public async Task Upsert_WithoutETag_LeavesTheOldBlobToTheSweep()
    {
        await using var store = await azurite.OpenAsync(_prefix, _clock);
        StoreInspection inspection = new(azurite.Options(_prefix));
        for (byte i = 1; i <= 3; i++)
        {
            await store.CommitAsync(new RowCommit().Add(RowOperation.Upsert(Address, Large(i))));
        }

        _clock.Advance(TimeSpan.FromMinutes(30));
        await store.SweepAsync();
        (await inspection.ListBlobsAsync()).Count.ShouldBe(3);
        _clock.Advance(TimeSpan.FromHours(1));
        await store.SweepAsync();
        (await inspection.ListBlobsAsync()).Count.ShouldBe(1);
        (await store.GetAsync(Address))!.Properties.GetBytes("bytes")[0].ShouldBe((byte)3);
    }

    [StoreTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_RowReplacedWhileItsBlobIsFetched_AnswersTheNewVersion(bool query)
    {
        using FaultHandler faults = new();
        await using var reader = await azurite.OpenAsync(_prefix, _clock, faults);
        await using var writer = await azurite.OpenAsync(_prefix, _clock);
        var etag = await WriteAsync(writer, 1, null);
        var done = false;
        faults.OnRequest = request =>
        {
            if (!done && request.RequestUri!.AbsolutePath.Contains("rows/", StringComparison.Ordinal))
            {
                done = true;
                Task.Run(async () =>
                    {
                        await WriteAsync(writer, 2, etag);
                        await FlushAsync(writer);
                    })
                    .GetAwaiter()
                    .GetResult();
            }

            return Fault.None;
        };

        var row = query
            ? (await reader.QueryAsync(RowRange.Partition("things", "p"))).Rows.ShouldHaveSingleItem()
            : (await reader.GetAsync(Address)).ShouldNotBeNull();
        done.ShouldBeTrue();
        row.Properties.GetBytes("bytes")[0].ShouldBe((byte)2);
    }

    [StoreFact]
    public async Task Query_LargeRows_EndsPagesEarly()
    {
        await using var store = await azurite.OpenAsync(_prefix, _clock);
        for (var i = 0; i < 8; i++)
        {
            await store.CommitAsync(
                new RowCommit().Add(RowOperation.Insert(new("things", "p", $"{i}"), new() { { "bytes", new byte[1_500_000] } }))
            );
        }

        var page = await store.QueryAsync(RowRange.Partition("things", "p"));
        page.Rows.Count.ShouldBe(3);
        var next = await store.QueryAsync(RowRange.Partition("things", "p"), 1000, page.Continuation.ShouldNotBeNull());
        next.Rows[0].RowKey.ShouldBe("3");
    }

    private static RowProperties Large(byte value) => new() { { "bytes", Enumerable.Repeat(value, 100_000).ToArray() } };

    private static async Task<string> WriteAsync(AzureTableRowStore store, byte value, string? etag)
    {
        var operation = etag is null ? RowOperation.Insert(Address, Large(value)) : RowOperation.Replace(Address, Large(value), etag);
        var result = await store.CommitAsync(new RowCommit().Add(operation));
        result.Succeeded.ShouldBeTrue();
        return result.ETags[0]!;
    }

    private async Task FlushAsync(AzureTableRowStore store)
    {
        _clock.Advance(TimeSpan.FromSeconds(11));
        await store.IdleAsync();
    }
}
