using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Testing;

namespace Serverless.Standins.Tests.Blobs;

[Collection(AzuriteCollection.Name)]
public sealed class BlobTests(AzuriteFixture azurite)
{
    [AzuriteFact]
    public async Task CreateIfNotExistsAsync_Twice_NullTheSecondTime()
    {
        BlobContainerClient container = azurite.Blobs.GetBlobContainerClient(azurite.NextName("container"));

        (await container.CreateIfNotExistsAsync()).Value.LastModified.ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        (await container.CreateIfNotExistsAsync(cancellationToken: CancellationToken.None)).ShouldBeNull();
        (await container.DeleteIfExistsAsync()).Value.ShouldBeTrue();
        (await container.DeleteIfExistsAsync()).Value.ShouldBeFalse();
    }

    [AzuriteTheory]
    [InlineData("plain", 10)]
    [InlineData("empty", 0)]
    [InlineData("a folder/it's ünïcode \u4e16/100% + #?&.bin", 1000)]
    [InlineData("large", 6_000_000)]
    public async Task UploadAsync_AnyNameAndSize_RoundTrip(string name, int size)
    {
        BlobContainerClient container = await CreateAsync();
        byte[] bytes = [.. Enumerable.Range(0, size).Select(i => (byte)(i * 7))];
        BlobClient blob = container.GetBlobClient(name);

        Response<BlobContentInfo> uploaded = await blob.UploadAsync(BinaryData.FromBytes(bytes), overwrite: false, CancellationToken.None);
        BinaryData content = (await blob.DownloadContentAsync(CancellationToken.None)).Value.Content;
        BlobItem item = (await container.GetBlobsAsync(BlobTraits.None, BlobStates.None, null, CancellationToken.None).ToListAsync()).ShouldHaveSingleItem();

        content.ToArray().AsSpan().SequenceEqual(bytes).ShouldBeTrue();
        blob.Name.ShouldBe(name);
        item.Name.ShouldBe(name);
        item.Properties.ContentLength.ShouldBe(size);
        item.Properties.CreatedOn!.Value.ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        item.Properties.LastModified.ShouldBe(uploaded.Value.LastModified);
        uploaded.Value.ETag.ShouldNotBe(default);
    }

    [AzuriteFact]
    public async Task UploadAsync_Existing_ConflictUnlessOverwriting()
    {
        BlobClient blob = (await CreateAsync()).GetBlobClient("blob");
        await blob.UploadAsync(BinaryData.FromString("1"));

        RequestFailedException refusal = await Should.ThrowAsync<RequestFailedException>(() => blob.UploadAsync(BinaryData.FromString("2")));
        await blob.UploadAsync(BinaryData.FromString("3"), overwrite: true);

        refusal.Status.ShouldBe(409);
        (refusal.ErrorCode == BlobErrorCode.BlobAlreadyExists).ShouldBeTrue();
        (await blob.DownloadContentAsync(CancellationToken.None)).Value.Content.ToString().ShouldBe("3");
    }

    [AzuriteFact]
    public async Task DownloadContentAsync_Absent_BlobNotFound()
    {
        BlobContainerClient container = await CreateAsync();

        RequestFailedException refusal = await Should.ThrowAsync<RequestFailedException>(() => container.GetBlobClient("absent").DownloadContentAsync(CancellationToken.None));

        refusal.Status.ShouldBe(404);
        (refusal.ErrorCode == BlobErrorCode.BlobNotFound).ShouldBeTrue();
    }

    [AzuriteFact]
    public async Task DeleteIfExistsAsync_PresentOrNot_SaysWhich()
    {
        BlobContainerClient container = await CreateAsync();
        await container.GetBlobClient("a/b").UploadAsync(BinaryData.FromString("1"));
        await container.GetBlobClient("c").UploadAsync(BinaryData.FromString("1"));

        (await container.DeleteBlobIfExistsAsync("a/b")).Value.ShouldBeTrue();
        (await container.DeleteBlobIfExistsAsync("a/b")).Value.ShouldBeFalse();
        (await container.GetBlobClient("c").DeleteIfExistsAsync()).Value.ShouldBeTrue();
        (await container.GetBlobClient("c").DeleteIfExistsAsync()).Value.ShouldBeFalse();
        (await azurite.Blobs.GetBlobContainerClient("absent").DeleteBlobIfExistsAsync("c")).Value.ShouldBeFalse();
    }

    [AzuriteFact]
    public async Task GetBlobsAsync_Pages_ByPrefixInOrderAndResumable()
    {
        BlobContainerClient container = await CreateAsync();
        foreach (string name in (string[])["b/1", "a/2", "a/3", "a/1", "a/4", "c"])
        {
            await container.GetBlobClient(name).UploadAsync(BinaryData.FromString(name));
        }

        AsyncPageable<BlobItem> listing = container.GetBlobsAsync(BlobTraits.None, BlobStates.None, "a/", CancellationToken.None);
        Page<BlobItem> first = await listing.AsPages(pageSizeHint: 3).FirstAsync();
        Page<BlobItem> second = await listing.AsPages(first.ContinuationToken, 3).FirstAsync();

        first.Values.Select(blob => blob.Name).ShouldBe(["a/1", "a/2", "a/3"]);
        second.Values.Select(blob => blob.Name).ShouldBe(["a/4"]);
        second.ContinuationToken.ShouldBeNullOrEmpty();
        (await listing.ToListAsync()).Count.ShouldBe(4);
    }

    [AzuriteFact]
    public async Task GetBlobsAsync_AbsentContainer_ContainerNotFound()
    {
        BlobContainerClient container = azurite.Blobs.GetBlobContainerClient("absent");

        RequestFailedException refusal = await Should.ThrowAsync<RequestFailedException>(
            async () => await container.GetBlobsAsync(BlobTraits.None, BlobStates.None, null, CancellationToken.None).ToListAsync());

        (refusal.ErrorCode == BlobErrorCode.ContainerNotFound).ShouldBeTrue();
    }

    [AzuriteFact]
    public async Task Authentication_SharedKey_Accepted()
        => await UseAsync(new BlobServiceClient(azurite.Azurite.BlobUri, new StorageSharedKeyCredential(AzuriteProcess.AccountName, AzuriteProcess.AccountKey)));

    [AzuriteFact]
    public async Task Authentication_WrongKey_Refused()
    {
        BlobServiceClient service = new(azurite.Azurite.BlobUri, new StorageSharedKeyCredential(AzuriteProcess.AccountName, "c29tZXRoaW5nIGVsc2U="));

        RequestFailedException refusal = await Should.ThrowAsync<RequestFailedException>(() => UseAsync(service));

        refusal.Status.ShouldBe(403);
        refusal.ErrorCode.ShouldBe("AuthorizationFailure");
    }

    [AzuriteFact]
    public async Task Authentication_Sas_Accepted()
        => await UseAsync(new BlobServiceClient(azurite.Azurite.BlobUri, new AzureSasCredential(AccountSas.Create("rwdlac"))));

    [AzuriteFact]
    public async Task Authentication_SasInConnectionString_Accepted()
        => await UseAsync(new BlobServiceClient($"BlobEndpoint={azurite.Azurite.BlobUri};SharedAccessSignature={AccountSas.Create("rwdlac")}", new BlobClientOptions()));

    private async Task<BlobContainerClient> CreateAsync()
    {
        BlobContainerClient container = azurite.Blobs.GetBlobContainerClient(azurite.NextName("container"));
        await container.CreateIfNotExistsAsync();
        return container;
    }

    private async Task UseAsync(BlobServiceClient service)
    {
        BlobContainerClient container = service.GetBlobContainerClient(azurite.NextName("signed"));
        await container.CreateIfNotExistsAsync();
        await container.GetBlobClient("a b/ü").UploadAsync(BinaryData.FromString("1"));
        (await container.GetBlobsAsync(BlobTraits.None, BlobStates.None, "a b/", CancellationToken.None).ToListAsync()).Count.ShouldBe(1);
        (await container.GetBlobClient("a b/ü").DownloadContentAsync(CancellationToken.None)).Value.Content.ToString().ShouldBe("1");
        (await container.DeleteBlobIfExistsAsync("a b/ü")).Value.ShouldBeTrue();
    }
}
