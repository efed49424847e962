using Azure;
using Azure.Data.Tables;
using Serverless.Storage.Tests.Contract;
using Serverless.Testing;

namespace Serverless.Storage.Azure.Tests.Fixtures;

public sealed class AzuriteProcessTests
{
    [StoreFact]
    public async Task Restart_WithFolder_SamePortsAndData()
    {
        var folder = Directory.CreateTempSubdirectory("azurite");
        try
        {
            await using var azurite = await AzuriteProcess.StartAsync(folder.FullName);
            var address = azurite.ConnectionString;
            var table = new TableServiceClient(address, new TableClientOptions()).GetTableClient("Kept");
            await table.CreateIfNotExistsAsync();
            await table.AddEntityAsync(new TableEntity("p", "r") { ["Value"] = 5 });

            await azurite.StopAsync();
            TableClientOptions once = new() { Retry = { MaxRetries = 0 } };
            await Should.ThrowAsync<RequestFailedException>(() =>
                new TableServiceClient(address, once).GetTableClient("Kept").GetEntityAsync<TableEntity>("p", "r")
            );
            await azurite.RestartAsync();

            azurite.ConnectionString.ShouldBe(address);
            (await table.GetEntityAsync<TableEntity>("p", "r")).Value.GetInt32("Value").ShouldBe(5);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
