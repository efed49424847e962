using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Serverless.Standins.Tests.Tables;

[Collection(AzuriteCollection.Name)]
public sealed class TransactionTests(AzuriteFixture azurite)
{
    [AzuriteFact]
    public async Task SubmitTransactionAsync_EveryKind_StatusAndETagOfEach()
    {
        TableClient table = await azurite.CreateTableAsync();
        foreach (string key in (string[])["merge", "replace", "delete", "upserted"])
        {
            await table.AddEntityAsync(new TableEntity("p", key) { ["Old"] = 1 });
        }

        Response<IReadOnlyList<Response>> result = await table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.Add, new TableEntity("p", "add") { ["Text"] = "--changeset\r\nHTTP/1.1 500 No" }),
            new(TableTransactionActionType.UpdateMerge, new TableEntity("p", "merge") { ["New"] = 2 }, ETag.All),
            new(TableTransactionActionType.UpdateReplace, new TableEntity("p", "replace") { ["New"] = 2 }, ETag.All),
            new(TableTransactionActionType.Delete, new TableEntity("p", "delete")),
            new(TableTransactionActionType.UpsertMerge, new TableEntity("p", "upserted") { ["New"] = 2 }),
            new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "new") { ["New"] = 2 }),
        ]);

        result.GetRawResponse().Status.ShouldBe(202);
        result.Value.Select(part => part.Status).ShouldAllBe(status => status == 204);
        result.Value[3].Headers.ETag.ShouldBeNull();
        (await table.GetEntityAsync<TableEntity>("p", "add")).Value.ETag.ShouldBe(result.Value[0].Headers.ETag!.Value);
        (await table.GetEntityAsync<TableEntity>("p", "add")).Value.GetString("Text").ShouldBe("--changeset\r\nHTTP/1.1 500 No");
        TableEntity merged = (await table.GetEntityAsync<TableEntity>("p", "merge")).Value;
        merged.ETag.ShouldBe(result.Value[1].Headers.ETag!.Value);
        (merged.GetInt32("Old"), merged.GetInt32("New")).ShouldBe((1, 2));
        (await table.GetEntityAsync<TableEntity>("p", "replace")).Value.ContainsKey("Old").ShouldBeFalse();
        (await table.GetEntityIfExistsAsync<TableEntity>("p", "delete")).HasValue.ShouldBeFalse();
        (await table.GetEntityAsync<TableEntity>("p", "upserted")).Value.GetInt32("Old").ShouldBe(1);
        (await table.GetEntityAsync<TableEntity>("p", "new")).Value.ETag.ShouldBe(result.Value[5].Headers.ETag!.Value);
    }

    [AzuriteFact]
    public async Task SubmitTransactionAsync_AddOfExisting_IndexAndNothingWritten()
    {
        TableClient table = await azurite.CreateTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "12"));

        TableTransactionFailedException failure = await FailAsync(table, Enumerable.Range(0, 20).Select(i => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("p", $"{i}"))));

        failure.Status.ShouldBe(409);
        failure.ErrorCode.ShouldBe(TableErrorCode.EntityAlreadyExists.ToString());
        failure.FailedTransactionActionIndex.ShouldBe(12);
        (await table.GetEntityIfExistsAsync<TableEntity>("p", "0")).HasValue.ShouldBeFalse();
    }

    [AzuriteFact]
    public async Task SubmitTransactionAsync_StaleETag_IndexAndConditionNotSatisfied()
    {
        TableClient table = await azurite.CreateTableAsync();
        ETag stale = (await table.AddEntityAsync(new TableEntity("p", "r"))).Headers.ETag!.Value;
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 1 });

        foreach (TableTransactionActionType type in (TableTransactionActionType[])[TableTransactionActionType.UpdateReplace, TableTransactionActionType.UpdateMerge, TableTransactionActionType.Delete])
        {
            TableTransactionFailedException failure = await FailAsync(
                table,
                [new(TableTransactionActionType.Add, new TableEntity("p", "new")), new(type, new TableEntity("p", "r"), stale)]);

            failure.Status.ShouldBe(412);
            failure.ErrorCode.ShouldBe(TableErrorCode.UpdateConditionNotSatisfied.ToString());
            failure.FailedTransactionActionIndex.ShouldBe(1);
        }
    }

    [AzuriteFact]
    public async Task SubmitTransactionAsync_DeleteOrUpdateOfAbsent_IndexAndNotFound()
    {
        TableClient table = await azurite.CreateTableAsync();

        foreach (TableTransactionActionType type in (TableTransactionActionType[])[TableTransactionActionType.UpdateReplace, TableTransactionActionType.UpdateMerge, TableTransactionActionType.Delete])
        {
            TableTransactionFailedException failure = await FailAsync(
                table,
                [new(TableTransactionActionType.Add, new TableEntity("p", "new")), new(type, new TableEntity("p", "absent"), ETag.All)]);

            failure.Status.ShouldBe(404);
            failure.ErrorCode.ShouldBe(TableErrorCode.ResourceNotFound.ToString());
            failure.FailedTransactionActionIndex.ShouldBe(1);
        }
    }

    [AzuriteFact]
    public async Task SubmitTransactionAsync_MergeOfNothing_ChecksExistenceAndKeepsProperties()
    {
        TableClient table = await azurite.CreateTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 });

        Response<IReadOnlyList<Response>> result = await table.SubmitTransactionAsync([new(TableTransactionActionType.UpdateMerge, new TableEntity("p", "r"), ETag.All)]);

        result.Value.ShouldHaveSingleItem().Status.ShouldBe(204);
        (await table.GetEntityAsync<TableEntity>("p", "r")).Value.GetInt32("A").ShouldBe(1);
    }

    [AzuriteFact]
    public async Task SubmitTransactionAsync_SameEntityTwice_Refused()
    {
        TableClient table = await azurite.CreateTableAsync();

        RequestFailedException failure = await FailAsync(
            table,
            [new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "r")), new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "r"))]);

        failure.Status.ShouldBe(400);
        failure.ErrorCode.ShouldBe(TableErrorCode.InvalidDuplicateRow.ToString());
    }

    [AzuriteFact]
    public async Task SubmitTransactionAsync_Nothing_InvalidOperation()
    {
        TableClient table = await azurite.CreateTableAsync();

        await Should.ThrowAsync<InvalidOperationException>(() => table.SubmitTransactionAsync([]));
    }

    private static Task<TableTransactionFailedException> FailAsync(TableClient table, IEnumerable<TableTransactionAction> actions)
        => Should.ThrowAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(actions));
}
