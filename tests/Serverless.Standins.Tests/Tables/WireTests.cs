using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Serverless.Standins.Tests.Tables;

/// <summary>What is sent, and what is made of answers that Azurite does not give.</summary>
public sealed class WireTests
{
    private const string Busy = """{"odata.error":{"code":"ServerBusy","message":{"lang":"en-US","value":"The server is busy."}}}""";

    [Fact]
    public async Task TokenCredential_Request_BearerTokenOfTheStorageScope()
    {
        FakeCredential credential = new();
        FakeTransport transport = new((_, _) => new FakeResponse(204));
        TableServiceClient service = new(new Uri("https://some.table.core.windows.net"), credential, new TableClientOptions { Transport = transport });

        await service.GetTableClient("Rows").UpsertEntityAsync(new TableEntity("p", "r"), TableUpdateMode.Replace);

        (string method, Uri uri, Dictionary<string, string> headers) = transport.Requests.ShouldHaveSingleItem();
        method.ShouldBe("PUT");
        uri.GetLeftPart(UriPartial.Path).ShouldBe("https://some.table.core.windows.net/Rows(PartitionKey='p',RowKey='r')");
        headers["Authorization"].ShouldBe("Bearer secret");
        headers.ShouldNotContainKey("If-Match");
        credential.Scopes.ShouldAllBe(scope => scope == "https://storage.azure.com/.default");
        service.AccountName.ShouldBe("some");
    }

    [Fact]
    public void TokenCredential_WithoutHttps_Refused()
        => Should.Throw<ArgumentException>(() => new TableServiceClient(new Uri("http://some.table.core.windows.net"), new FakeCredential(), new TableClientOptions()));

    [Fact]
    public async Task ConnectionString_AccountAndKey_EndpointAndSignature()
    {
        FakeTransport transport = new((_, _) => new FakeResponse(204));
        TableServiceClient service = new("DefaultEndpointsProtocol=https;AccountName=some;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net", new TableClientOptions { Transport = transport });

        await service.GetTableClient("Rows").DeleteEntityAsync("p", "r");

        (_, Uri uri, Dictionary<string, string> headers) = transport.Requests.ShouldHaveSingleItem();
        uri.Host.ShouldBe("some.table.core.windows.net");
        headers["Authorization"].ShouldStartWith("SharedKeyLite some:");
        headers["If-Match"].ShouldBe("*");
    }

    [Fact]
    public void ConnectionString_DevelopmentStorage_Emulator()
    {
        TableServiceClient service = new("UseDevelopmentStorage=true", new TableClientOptions());

        service.Uri.ShouldBe(new Uri("http://127.0.0.1:10002/devstoreaccount1"));
        service.AccountName.ShouldBe("devstoreaccount1");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("AccountName=some")]
    [InlineData("AccountName=some;AccountKey=!")]
    public void ConnectionString_Nonsense_Refused(string text)
    {
        Exception refusal = Should.Throw<Exception>(() => new TableServiceClient(text, new TableClientOptions()));

        refusal.ShouldBeOfType(refusal is InvalidOperationException ? typeof(InvalidOperationException) : typeof(FormatException));
    }

    [Fact]
    public async Task Send_ServerBusy_TriedAgainAndSignedAnew()
    {
        FakeTransport transport = new((_, attempt) => attempt < 3 ? new FakeResponse(503, Busy) : new FakeResponse(204, "", ("ETag", "W/\"1\"")));
        TableClient table = Connect(transport);

        Response response = await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 });

        response.Status.ShouldBe(204);
        response.Headers.ETag.ShouldBe(new ETag("W/\"1\""));
        transport.Requests.Count.ShouldBe(3);
        transport.Requests.ShouldAllBe(request => request.Headers.ContainsKey("Authorization") && request.Headers.ContainsKey("x-ms-date"));
    }

    [Fact]
    public async Task Send_BusyToTheEnd_StatusAndCode()
    {
        FakeTransport transport = new((_, _) => new FakeResponse(503, Busy));

        RequestFailedException failure = await Should.ThrowAsync<RequestFailedException>(() => Connect(transport).DeleteEntityAsync("p", "r"));

        failure.Status.ShouldBe(503);
        failure.ErrorCode.ShouldBe("ServerBusy");
        transport.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Send_Sas_AddedOnceToEachTry()
    {
        FakeTransport transport = new((_, attempt) => attempt == 1 ? new FakeResponse(500) : new FakeResponse(204));
        TableClientOptions options = new() { Transport = transport, Retry = { Delay = TimeSpan.Zero, MaxDelay = TimeSpan.Zero } };
        TableServiceClient service = new(new Uri("https://some.table.core.windows.net"), new AzureSasCredential("sv=1&sig=a%2Bb"), options);

        await service.GetTableClient("Rows").AddEntityAsync(new TableEntity("p", "r"));

        transport.Requests.Select(request => request.Uri.Query).ShouldAllBe(query => query.Split("sig=a%2Bb").Length == 2);
        transport.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task CreateIfNotExistsAsync_TableBeingDeleted_Failure()
    {
        FakeTransport transport = new((_, _) => new FakeResponse(409, """{"odata.error":{"code":"TableBeingDeleted","message":{"lang":"en-US","value":"Later."}}}"""));

        RequestFailedException failure = await Should.ThrowAsync<RequestFailedException>(() => Connect(transport).CreateIfNotExistsAsync());

        failure.ErrorCode.ShouldBe(TableErrorCode.TableBeingDeleted.ToString());
    }

    [Fact]
    public async Task SubmitTransactionAsync_ServicesOwnAnswer_PartsInOrder()
    {
        // As documented for the service: https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions.
        const string Body = "--batchresponse_4c637ba4-b2f8-40f8-8856-c2d10d163a83\r\nContent-Type: multipart/mixed; boundary=changesetresponse_955358ab-62b1-4d6c-804b-41cebb7c5e42\r\n\r\n"
            + "--changesetresponse_955358ab-62b1-4d6c-804b-41cebb7c5e42\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
            + "HTTP/1.1 204 No Content\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-cache\r\nPreference-Applied: return-no-content\r\nDataServiceVersion: 3.0;\r\nETag: W/\"datetime'2013-10-02T01%3A42%3A27.8396072Z'\"\r\n\r\n\r\n"
            + "--changesetresponse_955358ab-62b1-4d6c-804b-41cebb7c5e42\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
            + "HTTP/1.1 204 No Content\r\nDataServiceVersion: 1.0;\r\n\r\n\r\n"
            + "--changesetresponse_955358ab-62b1-4d6c-804b-41cebb7c5e42--\r\n--batchresponse_4c637ba4-b2f8-40f8-8856-c2d10d163a83--\r\n";
        FakeTransport transport = new((_, _) => new FakeResponse(202, Body, ("Content-Type", "multipart/mixed; boundary=batchresponse_4c637ba4-b2f8-40f8-8856-c2d10d163a83")));

        Response<IReadOnlyList<Response>> result = await Connect(transport).SubmitTransactionAsync(Two);

        result.Value.Count.ShouldBe(2);
        result.Value[0].Headers.ETag.ShouldBe(new ETag("W/\"datetime'2013-10-02T01%3A42%3A27.8396072Z'\""));
        result.Value[1].Headers.ETag.ShouldBeNull();
    }

    [Fact]
    public async Task SubmitTransactionAsync_ServicesOwnRefusal_IndexAndCode()
    {
        const string Body = "--batchresponse_1\r\nContent-Type: multipart/mixed; boundary=changesetresponse_2\r\n\r\n--changesetresponse_2\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
            + "HTTP/1.1 409 Conflict\r\nX-Content-Type-Options: nosniff\r\nDataServiceVersion: 3.0;\r\nContent-Type: application/json;odata=minimalmetadata;streaming=true;charset=utf-8\r\n\r\n"
            + """{"odata.error":{"code":"EntityAlreadyExists","message":{"lang":"en-US","value":"1:The specified entity already exists.\nRequestId:1\nTime:2"}}}"""
            + "\r\n--changesetresponse_2--\r\n--batchresponse_1--\r\n";
        FakeTransport transport = new((_, _) => new FakeResponse(202, Body, ("Content-Type", "multipart/mixed; boundary=batchresponse_1")));

        TableTransactionFailedException failure = await Should.ThrowAsync<TableTransactionFailedException>(() => Connect(transport).SubmitTransactionAsync(Two));

        failure.Status.ShouldBe(409);
        failure.ErrorCode.ShouldBe("EntityAlreadyExists");
        failure.FailedTransactionActionIndex.ShouldBe(1);
        failure.Message.ShouldContain("The specified entity already exists.");
    }

    private static TableTransactionAction[] Two
        => [new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "r")), new(TableTransactionActionType.Delete, new TableEntity("p", "s"))];

    private static TableClient Connect(FakeTransport transport)
    {
        TableClientOptions options = new() { Transport = transport, Retry = { Delay = TimeSpan.Zero, MaxDelay = TimeSpan.Zero } };
        return new TableServiceClient(new Uri("https://some.table.core.windows.net"), new TableSharedKeyCredential("some", "c2VjcmV0"), options).GetTableClient("Rows");
    }
}
