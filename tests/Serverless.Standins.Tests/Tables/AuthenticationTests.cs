using Azure;
using Azure.Data.Tables;
using Serverless.Testing;

namespace Serverless.Standins.Tests.Tables;

[Collection(AzuriteCollection.Name)]
public sealed class AuthenticationTests(AzuriteFixture azurite)
{
    [AzuriteFact]
    public async Task SharedKey_RightKey_Accepted()
    {
        TableServiceClient service = new(azurite.Azurite.TableUri, new TableSharedKeyCredential(AzuriteProcess.AccountName, AzuriteProcess.AccountKey), new TableClientOptions());

        service.AccountName.ShouldBe(AzuriteProcess.AccountName);
        await UseAsync(service);
    }

    [AzuriteFact]
    public async Task SharedKey_WrongKey_AuthenticationFailed()
    {
        TableServiceClient service = new(azurite.Azurite.TableUri, new TableSharedKeyCredential(AzuriteProcess.AccountName, "c29tZXRoaW5nIGVsc2U="), new TableClientOptions());

        RequestFailedException refusal = await Should.ThrowAsync<RequestFailedException>(() => UseAsync(service));

        refusal.Status.ShouldBe(403);
        refusal.ErrorCode.ShouldBe("AuthorizationFailure");
    }

    [AzuriteFact]
    public async Task SharedKey_NewKey_UsedFromThenOn()
    {
        TableSharedKeyCredential credential = new(AzuriteProcess.AccountName, "c29tZXRoaW5nIGVsc2U=");
        TableServiceClient service = new(azurite.Azurite.TableUri, credential, new TableClientOptions());

        credential.SetAccountKey(AzuriteProcess.AccountKey);

        await UseAsync(service);
    }

    [AzuriteFact]
    public async Task Sas_AllPermissions_Accepted()
        => await UseAsync(new TableServiceClient(azurite.Azurite.TableUri, new AzureSasCredential(AccountSas.Create("rwdlacu")), new TableClientOptions()));

    [AzuriteFact]
    public async Task Sas_InConnectionString_Accepted()
        => await UseAsync(new TableServiceClient($"TableEndpoint={azurite.Azurite.TableUri};SharedAccessSignature={AccountSas.Create("rwdlacu")}", new TableClientOptions()));

    [AzuriteFact]
    public async Task Sas_ReadOnly_WritesRefused()
    {
        TableClient table = await azurite.CreateTableAsync();
        TableClient readOnly = new TableServiceClient(azurite.Azurite.TableUri, new AzureSasCredential("?" + AccountSas.Create("rl")), new TableClientOptions()).GetTableClient(table.Name);

        (await readOnly.GetEntityIfExistsAsync<TableEntity>("p", "r")).HasValue.ShouldBeFalse();
        RequestFailedException refusal = await Should.ThrowAsync<RequestFailedException>(() => readOnly.AddEntityAsync(new TableEntity("p", "r")));

        refusal.Status.ShouldBe(403);
        refusal.ErrorCode.ShouldBe("AuthorizationPermissionMismatch");
    }

    private async Task UseAsync(TableServiceClient service)
    {
        TableClient table = service.GetTableClient(azurite.NextName("Signed"));
        await table.CreateIfNotExistsAsync();
        await table.AddEntityAsync(new TableEntity("it's", "a key") { ["A"] = 1 });
        await table.SubmitTransactionAsync([new TableTransactionAction(TableTransactionActionType.UpsertMerge, new TableEntity("it's", "a key"))]);
        (await table.GetEntityAsync<TableEntity>("it's", "a key")).Value.GetInt32("A").ShouldBe(1);
        (await table.QueryAsync<TableEntity>("PartitionKey eq 'it''s'", select: ["A"]).ToListAsync()).Count.ShouldBe(1);
        (await table.DeleteEntityAsync("it's", "a key")).Status.ShouldBe(204);
    }
}
