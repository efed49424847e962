using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Serverless.Standins.Tests.Tables;

/// <summary>What fits, and how a refusal looks when it does not: https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class LimitTests(AzuriteFixture azurite)
{
    private const int MaxTextLength = 32 * 1024;

    [AzuriteFact]
    public async Task AddEntityAsync_LargestValues_RoundTrip()
    {
        TableClient table = await azurite.CreateTableAsync();
        byte[] bytes = [.. Enumerable.Range(0, 64 * 1024).Select(i => (byte)i)];
        string text = new('\u4e16', MaxTextLength);
        await table.AddEntityAsync(new TableEntity(new string('p', 512), new string('r', 512)) { ["Text"] = text, ["Bytes"] = bytes });

        TableEntity read = (await table.GetEntityAsync<TableEntity>(new string('p', 512), new string('r', 512))).Value;

        read.GetString("Text").ShouldBe(text);
        read.GetBinary("Bytes").ShouldBe(bytes);
    }

    [AzuriteFact]
    public async Task AddEntityAsync_TextTooLong_PropertyValueTooLarge()
    {
        TableClient table = await azurite.CreateTableAsync();

        RequestFailedException refusal = await Should.ThrowAsync<RequestFailedException>(
            () => table.AddEntityAsync(new TableEntity("p", "r") { ["Text"] = new string('x', MaxTextLength + 1) }));

        refusal.Status.ShouldBe(400);
        refusal.ErrorCode.ShouldBe(TableErrorCode.PropertyValueTooLarge.ToString());
    }

    [AzuriteFact]
    public async Task SubmitTransactionAsync_AHundredActions_Applied()
    {
        TableClient table = await azurite.CreateTableAsync();

        Response<IReadOnlyList<Response>> result = await table.SubmitTransactionAsync(Adds(100, 10_000));

        result.Value.Count.ShouldBe(100);
        result.Value.Select(part => part.Headers.ETag).ShouldAllBe(etag => etag != null);
    }

    [AzuriteFact]
    public async Task SubmitTransactionAsync_MoreThanAHundredActions_Refused()
    {
        TableClient table = await azurite.CreateTableAsync();

        RequestFailedException refusal = await Should.ThrowAsync<RequestFailedException>(() => table.SubmitTransactionAsync(Adds(101, 1)));

        refusal.Status.ShouldBe(400);
    }

    [AzuriteFact]
    public async Task SubmitTransactionAsync_BodyTooLarge_Refused()
    {
        TableClient table = await azurite.CreateTableAsync();

        RequestFailedException refusal = await Should.ThrowAsync<RequestFailedException>(() => table.SubmitTransactionAsync(Adds(100, MaxTextLength, properties: 2)));

        refusal.Status.ShouldBe(413);
    }

    private static IEnumerable<TableTransactionAction> Adds(int count, int length, int properties = 1)
        => Enumerable.Range(0, count).Select(i =>
        {
            TableEntity entity = new("p", $"{i}");
            for (int p = 0; p < properties; p++)
            {
                entity[$"Text{p}"] = new string('x', length);
            }

            return new TableTransactionAction(TableTransactionActionType.Add, entity);
        });
}
