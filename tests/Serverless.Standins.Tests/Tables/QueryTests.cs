using Azure;
using Azure.Data.Tables;

namespace Serverless.Standins.Tests.Tables;

[Collection(AzuriteCollection.Name)]
public sealed class QueryTests(AzuriteFixture azurite)
{
    [AzuriteFact]
    public async Task QueryAsync_MoreThanAPage_AllInOrder()
    {
        TableClient table = await FillAsync(1234);

        List<string> keys = [];
        int pages = 0;
        await foreach (Page<TableEntity> page in table.QueryAsync<TableEntity>("PartitionKey eq 'p'").AsPages())
        {
            page.Values.Count.ShouldBeLessThanOrEqualTo(1000);
            keys.AddRange(page.Values.Select(entity => entity.RowKey));
            pages++;
        }

        pages.ShouldBe(2);
        keys.ShouldBe(Enumerable.Range(0, 1234).Select(i => $"{i:0000}"));
    }

    [AzuriteFact]
    public async Task QueryAsync_ContinuationToken_GoesOnWhereThePageEnded()
    {
        TableClient table = await FillAsync(25);
        AsyncPageable<TableEntity> query = table.QueryAsync<TableEntity>("PartitionKey eq 'p' and RowKey ge '0003'", maxPerPage: 10);

        Page<TableEntity> first = await FirstAsync(query.AsPages());
        Page<TableEntity> second = await FirstAsync(query.AsPages(first.ContinuationToken, 4));

        first.Values.Select(entity => entity.RowKey).ShouldBe(Enumerable.Range(3, 10).Select(i => $"{i:0000}"));
        second.Values.Select(entity => entity.RowKey).ShouldBe(Enumerable.Range(13, 4).Select(i => $"{i:0000}"));
        Page<TableEntity> last = await FirstAsync(query.AsPages(second.ContinuationToken, 100));
        last.Values.Count.ShouldBe(8);
        last.ContinuationToken.ShouldBeNull();
    }

    [AzuriteFact]
    public async Task QueryAsync_Select_TheNamedPropertiesOnly()
    {
        TableClient table = await FillAsync(2);

        List<TableEntity> entities = [];
        await foreach (TableEntity entity in table.QueryAsync<TableEntity>("Even eq true", select: ["RowKey", "Number"]))
        {
            entities.Add(entity);
        }

        TableEntity only = entities.ShouldHaveSingleItem();
        only.RowKey.ShouldBe("0000");
        only.GetInt64("Number").ShouldBe(0);
        only.ContainsKey("Even").ShouldBeFalse();
    }

    [AzuriteFact]
    public async Task QueryAsync_InvalidFilter_Refused()
    {
        TableClient table = await FillAsync(1);

        RequestFailedException refusal = await Should.ThrowAsync<RequestFailedException>(async () => await FirstAsync(table.QueryAsync<TableEntity>("RowKey foo 'x'").AsPages()));

        refusal.Status.ShouldBe(400);
    }

    [AzuriteFact]
    public async Task QueryAsync_Cancelled_Throws()
    {
        TableClient table = await FillAsync(1);

        await Should.ThrowAsync<OperationCanceledException>(async () => await FirstAsync(table.QueryAsync<TableEntity>(cancellationToken: new CancellationToken(canceled: true)).AsPages()));
    }

    [Fact]
    public void CreateQueryFilter_Values_Literals()
    {
        string filter = TableClient.CreateQueryFilter(
            $"A eq {"it's"} and B eq {1} and C eq {2L} and D eq {true} and E eq {Guid.Empty} and F eq {new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)}");

        filter.ShouldStartWith("A eq 'it''s' and B eq 1 and C eq 2L and D eq true and E eq guid'00000000-0000-0000-0000-000000000000' and F eq datetime'2026-01-02T03:04:05");
        filter.ShouldEndWith("Z'");
    }

    private static async Task<Page<TableEntity>> FirstAsync(IAsyncEnumerable<Page<TableEntity>> pages)
    {
        await foreach (Page<TableEntity> page in pages)
        {
            return page;
        }

        throw new InvalidOperationException("There is no page.");
    }

    private async Task<TableClient> FillAsync(int count)
    {
        TableClient table = await azurite.CreateTableAsync();
        foreach (int[] chunk in Enumerable.Range(0, count).Chunk(100))
        {
            await table.SubmitTransactionAsync(chunk.Select(i => new TableTransactionAction(
                TableTransactionActionType.Add,
                new TableEntity("p", $"{i:0000}") { ["Number"] = (long)i, ["Even"] = i % 2 == 0 })));
        }

        return table;
    }
}
