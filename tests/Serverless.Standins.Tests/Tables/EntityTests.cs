using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Serverless.Standins.Tests.Tables;

[Collection(AzuriteCollection.Name)]
public sealed class EntityTests(AzuriteFixture azurite)
{
    private static readonly byte[] Bytes = [0, 1, 254, 255];

    [AzuriteFact]
    public async Task GetEntityAsync_AllTypes_RoundTrip()
    {
        TableClient table = await azurite.CreateTableAsync();
        Guid id = Guid.NewGuid();
        DateTimeOffset date = new DateTimeOffset(2026, 11, 21, 7, 8, 9, TimeSpan.FromHours(2)).AddTicks(1234567);
        await table.AddEntityAsync(new TableEntity("p", "r")
        {
            ["Text"] = "\"Grüße\" \u4e16\u754c \ud83d\ude00\r\n\t\\ 'a'",
            ["EmptyText"] = "",
            ["True"] = true,
            ["False"] = false,
            ["Int32"] = int.MinValue,
            ["Int64"] = long.MaxValue,
            ["SmallInt64"] = 5L,
            ["Double"] = -0.1,
            ["WholeDouble"] = 5.0,
            ["HugeDouble"] = double.MaxValue,
            ["TinyDouble"] = double.Epsilon,
            ["Date"] = date,
            ["UtcDate"] = new DateTime(1601, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            ["LastDate"] = DateTimeOffset.MaxValue,
            ["Guid"] = id,
            ["Bytes"] = Bytes,
            ["Data"] = BinaryData.FromBytes(Bytes),
            ["NoBytes"] = Array.Empty<byte>(),
            ["Null"] = null,
        });

        TableEntity read = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;

        read.PartitionKey.ShouldBe("p");
        read.RowKey.ShouldBe("r");
        read.Timestamp.ShouldNotBeNull();
        read.ETag.ShouldNotBe(default);
        read["odata.etag"].ShouldBe(read.ETag.ToString());
        read.GetString("Text").ShouldBe("\"Grüße\" \u4e16\u754c \ud83d\ude00\r\n\t\\ 'a'");
        read.GetString("EmptyText").ShouldBe("");
        read.GetBoolean("True").ShouldBe(true);
        read["False"].ShouldBe(false);
        read.GetInt32("Int32").ShouldBe(int.MinValue);
        read.GetInt64("Int64").ShouldBe(long.MaxValue);
        read["SmallInt64"].ShouldBe(5L);
        read.GetDouble("Double").ShouldBe(-0.1);
        read["WholeDouble"].ShouldBe(5.0);
        read.GetDouble("HugeDouble").ShouldBe(double.MaxValue);
        read.GetDouble("TinyDouble").ShouldBe(double.Epsilon);
        read["Date"].ShouldBe(date);
        read.GetDateTimeOffset("Date").ShouldBe(date);
        read.GetDateTime("UtcDate").ShouldBe(new DateTime(1601, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        read.GetDateTimeOffset("LastDate").ShouldBe(DateTimeOffset.MaxValue);
        read.GetGuid("Guid").ShouldBe(id);
        read.GetBinary("Bytes").ShouldBe(Bytes);
        read.GetBinaryData("Data").ToArray().ShouldBe(Bytes);
        read.GetBinary("NoBytes").ShouldBe([]);
        read.ContainsKey("Null").ShouldBeFalse();
        read.Keys.ShouldNotContain(key => key.EndsWith("@odata.type", StringComparison.Ordinal) || key == "odata.metadata");
    }

    [AzuriteFact]
    public async Task AddEntityAsync_NaN_RoundTrip()
    {
        TableClient table = await azurite.CreateTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["Number"] = double.NaN });

        (await table.GetEntityAsync<TableEntity>("p", "r")).Value.GetDouble("Number").ShouldBe(double.NaN);
    }

    [AzuriteFact]
    public async Task AddEntityAsync_Infinity_RefusedByTheClient()
    {
        TableClient table = await azurite.CreateTableAsync();

        await Should.ThrowAsync<ArgumentException>(() => table.AddEntityAsync(new TableEntity("p", "r") { ["Number"] = double.PositiveInfinity }));
    }

    [AzuriteFact]
    public async Task AddEntityAsync_Existing_Conflict()
    {
        TableClient table = await azurite.CreateTableAsync();
        Response added = await table.AddEntityAsync(new TableEntity("p", "r"));
        added.Status.ShouldBe(204);
        added.Headers.ETag.ShouldBe((await table.GetEntityAsync<TableEntity>("p", "r")).Value.ETag);

        RequestFailedException refusal = await Should.ThrowAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r")));

        refusal.Status.ShouldBe(409);
        refusal.ErrorCode.ShouldBe(TableErrorCode.EntityAlreadyExists.ToString());
    }

    [AzuriteFact]
    public async Task GetEntity_Absent_NoValueOrNotFound()
    {
        TableClient table = await azurite.CreateTableAsync();

        NullableResponse<TableEntity> found = await table.GetEntityIfExistsAsync<TableEntity>("p", "r");
        RequestFailedException refusal = await Should.ThrowAsync<RequestFailedException>(() => table.GetEntityAsync<TableEntity>("p", "r"));

        found.HasValue.ShouldBeFalse();
        found.GetRawResponse().Status.ShouldBe(404);
        refusal.Status.ShouldBe(404);
        refusal.ErrorCode.ShouldBe(TableErrorCode.ResourceNotFound.ToString());
    }

    [AzuriteFact]
    public async Task GetEntityIfExistsAsync_Select_TheNamedProperties()
    {
        TableClient table = await azurite.CreateTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 2L, ["C"] = "3" });

        TableEntity read = (await table.GetEntityIfExistsAsync<TableEntity>("p", "r", ["PartitionKey", "B"])).Value!;

        read.PartitionKey.ShouldBe("p");
        read.GetInt64("B").ShouldBe(2);
        read.ContainsKey("A").ShouldBeFalse();
        read.ContainsKey("C").ShouldBeFalse();
    }

    [AzuriteFact]
    public async Task UpsertEntityAsync_Modes_MergeKeepsReplaceForgets()
    {
        TableClient table = await azurite.CreateTableAsync();
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 1 });
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["B"] = 2 });
        TableEntity merged = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["C"] = 3 }, TableUpdateMode.Replace);
        TableEntity replaced = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;

        merged.Keys.ShouldBe(["odata.etag", "PartitionKey", "RowKey", "Timestamp", "A", "B"], ignoreOrder: true);
        replaced.Keys.ShouldBe(["odata.etag", "PartitionKey", "RowKey", "Timestamp", "C"], ignoreOrder: true);
    }

    [AzuriteFact]
    public async Task UpdateEntityAsync_StaleETag_ConditionNotSatisfied()
    {
        TableClient table = await azurite.CreateTableAsync();
        ETag first = (await table.AddEntityAsync(new TableEntity("p", "r"))).Headers.ETag!.Value;
        Response updated = await table.UpdateEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, first, TableUpdateMode.Replace);
        updated.Headers.ETag.ShouldNotBe(first);

        RequestFailedException refusal = await Should.ThrowAsync<RequestFailedException>(() => table.UpdateEntityAsync(new TableEntity("p", "r"), first));

        refusal.Status.ShouldBe(412);
        refusal.ErrorCode.ShouldBe(TableErrorCode.UpdateConditionNotSatisfied.ToString());
        (await table.UpdateEntityAsync(new TableEntity("p", "r"), ETag.All)).Status.ShouldBe(204);
    }

    [AzuriteFact]
    public async Task UpdateEntityAsync_Absent_ResourceNotFound()
    {
        TableClient table = await azurite.CreateTableAsync();

        RequestFailedException refusal = await Should.ThrowAsync<RequestFailedException>(() => table.UpdateEntityAsync(new TableEntity("p", "r"), ETag.All));

        refusal.Status.ShouldBe(404);
        refusal.ErrorCode.ShouldBe(TableErrorCode.ResourceNotFound.ToString());
    }

    [AzuriteFact]
    public async Task DeleteEntityAsync_Conditions_Honoured()
    {
        TableClient table = await azurite.CreateTableAsync();
        ETag first = (await table.AddEntityAsync(new TableEntity("p", "r"))).Headers.ETag!.Value;
        ETag second = (await table.UpsertEntityAsync(new TableEntity("p", "r"))).Headers.ETag!.Value;

        RequestFailedException refusal = await Should.ThrowAsync<RequestFailedException>(() => table.DeleteEntityAsync("p", "r", first));

        refusal.Status.ShouldBe(412);
        refusal.ErrorCode.ShouldBe(TableErrorCode.UpdateConditionNotSatisfied.ToString());
        (await table.DeleteEntityAsync("p", "r", second)).Status.ShouldBe(204);
        (await table.DeleteEntityAsync("p", "r")).Status.ShouldBe(404);
    }

    [AzuriteTheory]
    [InlineData("", "")]
    [InlineData("it's", "''")]
    [InlineData("a b&c=d;e,f:g@h!$(*)+~", "%2F 100% %")]
    [InlineData("Grüße \u4e16\u754c \ud83d\ude00", "..")]
    [InlineData("{\"a\"}[b]<c>|^`", ".")]
    public async Task Keys_SpecialCharacters_RoundTrip(string partitionKey, string rowKey)
    {
        TableClient table = await azurite.CreateTableAsync();
        await table.AddEntityAsync(new TableEntity(partitionKey, rowKey) { ["A"] = 1 });

        TableEntity read = (await table.GetEntityAsync<TableEntity>(partitionKey, rowKey)).Value;
        await table.UpdateEntityAsync(read, read.ETag);
        List<TableEntity> found = [];
        await foreach (TableEntity entity in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {partitionKey} and RowKey eq {rowKey}")))
        {
            found.Add(entity);
        }

        read.PartitionKey.ShouldBe(partitionKey);
        read.RowKey.ShouldBe(rowKey);
        found.ShouldHaveSingleItem().RowKey.ShouldBe(rowKey);
        await table.SubmitTransactionAsync([new TableTransactionAction(TableTransactionActionType.UpsertReplace, new TableEntity(partitionKey, rowKey))]);
        (await table.DeleteEntityAsync(partitionKey, rowKey)).Status.ShouldBe(204);
    }
}
