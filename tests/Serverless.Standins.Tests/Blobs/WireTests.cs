using Azure;
using Azure.Storage.Blobs;

namespace Serverless.Standins.Tests.Blobs;

/// <summary>What is sent, and what is made of answers that Azurite does not give.</summary>
public sealed class WireTests
{
    private const string ConnectionString = "DefaultEndpointsProtocol=https;AccountName=some;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net";

    [Fact]
    public async Task TokenCredential_Request_BearerTokenOfTheStorageScope()
    {
        FakeCredential credential = new();
        FakeTransport transport = new((_, _) => new FakeResponse(202));
        BlobServiceClient service = new(new Uri("https://some.blob.core.windows.net"), credential, new BlobClientOptions { Transport = transport });

        (await service.GetBlobContainerClient("rows").DeleteBlobIfExistsAsync("a/b")).Value.ShouldBeTrue();

        (string method, Uri uri, Dictionary<string, string> headers) = transport.Requests.ShouldHaveSingleItem();
        method.ShouldBe("DELETE");
        uri.ShouldBe(new Uri("https://some.blob.core.windows.net/rows/a/b"));
        headers["Authorization"].ShouldBe("Bearer secret");
        credential.Scopes.ShouldAllBe(scope => scope == "https://storage.azure.com/.default");
        service.AccountName.ShouldBe("some");
    }

    [Fact]
    public void TokenCredential_WithoutHttps_Refused()
        => Should.Throw<ArgumentException>(() => new BlobServiceClient(new Uri("http://some.blob.core.windows.net"), new FakeCredential(), new BlobClientOptions()));

    [Fact]
    public void ConnectionString_DevelopmentStorage_Emulator()
    {
        BlobServiceClient service = new("UseDevelopmentStorage=true", new BlobClientOptions());

        service.Uri.ShouldBe(new Uri("http://127.0.0.1:10000/devstoreaccount1"));
        service.AccountName.ShouldBe("devstoreaccount1");
    }

    [Fact]
    public async Task Upload_ServerBusy_TriedAgainWithTheSameBody()
    {
        List<long> lengths = [];
        FakeTransport transport = new((request, attempt) =>
        {
            request.Content!.TryComputeLength(out long length);
            lengths.Add(length);
            return attempt == 1
                ? new FakeResponse(503, """<?xml version="1.0" encoding="utf-8"?><Error><Code>ServerBusy</Code><Message>Busy.</Message></Error>""")
                : new FakeResponse(201, "", ("ETag", "\"1\""), ("Last-Modified", "Sat, 21 Nov 2026 05:00:00 GMT"));
        });
        BlobClientOptions options = new() { Transport = transport, Retry = { Delay = TimeSpan.Zero, MaxDelay = TimeSpan.Zero } };
        BlobServiceClient service = new(ConnectionString, options);

        await service.GetBlobContainerClient("rows").GetBlobClient("blob").UploadAsync(BinaryData.FromString("body"));

        lengths.ShouldBe([4, 4]);
        transport.Requests[1].Headers["Authorization"].ShouldStartWith("SharedKey some:");
        transport.Requests[1].Headers["If-None-Match"].ShouldBe("*");
    }

    [Fact]
    public async Task Send_Failure_StatusAndCode()
    {
        FakeTransport transport = new((_, _) => new FakeResponse(409, "\ufeff<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>ContainerBeingDeleted</Code><Message>Later.</Message></Error>"));
        BlobServiceClient service = new(ConnectionString, new BlobClientOptions { Transport = transport });

        RequestFailedException failure = await Should.ThrowAsync<RequestFailedException>(() => service.GetBlobContainerClient("rows").CreateIfNotExistsAsync());

        failure.Status.ShouldBe(409);
        failure.ErrorCode.ShouldBe("ContainerBeingDeleted");
        failure.Message.ShouldContain("Later.");
    }
}
