using Serverless.Storage;

namespace Serverless.Server.Tests;

public sealed class StorageLayoutTests
{
    private static readonly RowAddress Layout = new("settings", "server", "layout");

    [Fact]
    public async Task Start_EmptyStore_WritesTheVersionOnce()
    {
        await using var server = await TestServer.StartAsync();
        var first = (await server.Store.GetAsync(Layout)).ShouldNotBeNull();

        await new StorageLayout(server.Store).StartingAsync(CancellationToken.None);

        first.Properties.Get<int>("version").ShouldBe(StorageLayout.Version);
        (await server.Store.GetAsync(Layout))!.ETag.ShouldBe(first.ETag);
    }

    [Theory]
    [InlineData(StorageLayout.Version - 1)]
    [InlineData(StorageLayout.Version + 1)]
    public async Task Start_AnotherVersion_IsRefused(int version)
    {
        await using var server = await TestServer.StartAsync();
        await server.Store.CommitAsync(new RowCommit().Add(RowOperation.Upsert(Layout, new RowProperties { { "version", version } })));

        var error = await Should.ThrowAsync<RowStoreOpenException>(() =>
            new StorageLayout(server.Store).StartingAsync(CancellationToken.None)
        );

        error.Message.ShouldBe(
            $"The data was written by another version of this app (layout {version}; this one reads layout {StorageLayout.Version}). "
                + "Start with an empty data folder or storage account."
        );
    }

    [Fact]
    public async Task Start_RunsWithoutAVersion_AreRefused()
    {
        await using var server = await TestServer.StartAsync();
        await server.CreateRegisteredAsync();
        await server.Store.CommitAsync(new RowCommit().Add(RowOperation.Delete(Layout)));

        await Should.ThrowAsync<RowStoreOpenException>(() => new StorageLayout(server.Store).StartingAsync(CancellationToken.None));
    }
}
