using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Serverless.Standins.Tests.Tables;

[Collection(AzuriteCollection.Name)]
public sealed class TableServiceClientTests(AzuriteFixture azurite)
{
    [AzuriteFact]
    public async Task CreateTableIfNotExistsAsync_Twice_NoFailure()
    {
        string name = azurite.NextName("Table");

        (await azurite.Tables.CreateTableIfNotExistsAsync(name)).Value.Name.ShouldBe(name);
        (await azurite.Tables.CreateTableIfNotExistsAsync(name)).Value.Name.ShouldBe(name);
        (await azurite.Tables.GetTableClient(name).CreateIfNotExistsAsync()).Value.Name.ShouldBe(name);
    }

    [AzuriteFact]
    public async Task CreateTableIfNotExistsAsync_InvalidName_Refused()
    {
        RequestFailedException refusal = await Should.ThrowAsync<RequestFailedException>(() => azurite.Tables.CreateTableIfNotExistsAsync("x"));

        // The service says OutOfRangeInput; Azurite has no code for it.
        refusal.Status.ShouldBe(400);
        refusal.Message.ShouldContain("length is not within the permissible limits");
    }

    [AzuriteFact]
    public async Task DeleteTableAsync_AbsentTable_Status404()
    {
        TableClient table = await azurite.CreateTableAsync();

        (await azurite.Tables.DeleteTableAsync(table.Name)).Status.ShouldBe(204);
        (await azurite.Tables.DeleteTableAsync(table.Name)).Status.ShouldBe(404);
    }

    [AzuriteFact]
    public async Task QueryAsync_Filter_TheTables()
    {
        string[] names = [azurite.NextName("Listed"), azurite.NextName("Listed"), azurite.NextName("Listed")];
        foreach (string name in names)
        {
            await azurite.Tables.CreateTableIfNotExistsAsync(name);
        }

        List<string> found = [];
        await foreach (TableItem table in azurite.Tables.QueryAsync(TableClient.CreateQueryFilter($"TableName ge {names[0]} and TableName le {names[2]}"), maxPerPage: 2))
        {
            found.Add(table.Name);
        }

        found.ShouldBe(names, ignoreOrder: true);
    }

    [AzuriteFact]
    public async Task AddEntityAsync_AbsentTable_TableNotFound()
    {
        TableClient table = azurite.Tables.GetTableClient("Absent");

        RequestFailedException refusal = await Should.ThrowAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r")));

        refusal.Status.ShouldBe(404);
        refusal.ErrorCode.ShouldBe(TableErrorCode.TableNotFound.ToString());
    }

    [AzuriteFact]
    public void Properties_OfClients_AccountAndAddress()
    {
        TableServiceClient service = azurite.Tables;

        service.AccountName.ShouldBe("devstoreaccount1");
        service.Uri.ShouldBe(azurite.Azurite.TableUri);
        service.GetTableClient("Some").Name.ShouldBe("Some");
        service.GetTableClient("Some").AccountName.ShouldBe("devstoreaccount1");
        service.GetTableClient("Some").Uri.ShouldBe(new Uri(azurite.Azurite.TableUri + "/Some"));
    }
}
