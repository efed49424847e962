using Azure.Storage.Blobs;
using Serverless.Functions.TaskRuns;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Testing;

namespace Serverless.Functions.Tests;

public sealed class BlobResultStorageTests : IAsyncLifetime
{
    private BlobResultStorage _storage = null!;

    public async Task InitializeAsync()
    {
        if (AzuriteProcess.SkipReason is null)
        {
            var azurite = await TestRows.AzuriteAsync();
            _storage = new BlobResultStorage(new BlobContainerClient(azurite.ConnectionString, $"results-{Guid.NewGuid():N}"));
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Write_ManyBlocks_IsReadAgain()
    {
        var bytes = new byte[10_000_000];
        new Random(1).NextBytes(bytes);

        var size = await _storage.WriteAsync("a/b c/d%2Fe", (stream, token) => WriteAsync(stream, bytes, token), default);

        size.ShouldBe(bytes.Length);
        (await _storage.ExistsAsync("a/b c/d%2Fe", default)).ShouldBeTrue();
        (await ReadAsync("a/b c/d%2Fe")).ShouldBe(bytes);
    }

    [Fact]
    public async Task Write_FailsMidway_LeavesTheValueAsItWas()
    {
        await _storage.WriteAsync("key", (stream, token) => WriteAsync(stream, [1, 2, 3], token), default);

        await Should.ThrowAsync<InvalidOperationException>(() =>
            _storage.WriteAsync(
                "key",
                async (stream, token) =>
                {
                    await WriteAsync(stream, new byte[5_000_000], token);
                    throw new InvalidOperationException("cut off");
                },
                default
            )
        );

        (await ReadAsync("key")).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Write_KeyThatIsThere_ReplacesTheValue()
    {
        await _storage.WriteAsync("key", (stream, token) => WriteAsync(stream, [1, 2, 3], token), default);
        await _storage.WriteAsync("key", (stream, token) => WriteAsync(stream, [4], token), default);

        (await ReadAsync("key")).ShouldBe([4]);
    }

    [Fact]
    public async Task Open_NoSuchValueOrContainer_IsNull()
    {
        (await _storage.OpenAsync("nothing", default)).ShouldBeNull();
        (await _storage.ExistsAsync("nothing", default)).ShouldBeFalse();
    }

    private static async Task WriteAsync(Stream stream, byte[] bytes, CancellationToken cancellationToken) =>
        await stream.WriteAsync(bytes, cancellationToken);

    private async Task<byte[]> ReadAsync(string key)
    {
        await using var stream = (await _storage.OpenAsync(key, default)).ShouldNotBeNull();
        using MemoryStream bytes = new();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
