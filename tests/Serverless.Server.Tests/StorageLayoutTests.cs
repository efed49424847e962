using Serverless.Storage;

namespace Serverless.Server.Tests;

public sealed class StorageLayoutTests
{
    private static readonly RowAddress s_layout = new("settings", "server", "layout");

    [Fact]
    public async Task Start_EmptyStore_WritesTheVersionOnce()
    {
        await using TestServer server = await TestServer.StartAsync();
        Row first = (await server.Store.GetAsync(s_layout)).ShouldNotBeNull();

        await new StorageLayout(server.Store).StartingAsync(CancellationToken.None);

        first.Properties.Get<int>("version").ShouldBe(StorageLayout.Version);
        (await server.Store.GetAsync(s_layout))!.ETag.ShouldBe(first.ETag);
    }

    [Theory]
    [InlineData(StorageLayout.Version - 1)]
    [InlineData(StorageLayout.Version + 1)]
    public async Task Start_AnotherVersion_IsRefused(int version)
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.Store.CommitAsync(new RowCommit().Add(RowOperation.Upsert(s_layout, new RowProperties { { "version", version } })));

        RowStoreOpenException error = await Should.ThrowAsync<RowStoreOpenException>(() => new StorageLayout(server.Store).StartingAsync(CancellationToken.None));

        error.Message.ShouldBe(
            $"The data were written by another version of this app (layout {version}; this one reads layout {StorageLayout.Version}). "
            + "Start with an empty data folder or storage account.");
    }

    [Fact]
    public async Task Start_RunsWithoutAVersion_AreRefused()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.CreateRegisteredAsync();
        await server.Store.CommitAsync(new RowCommit().Add(RowOperation.Delete(s_layout)));

        await Should.ThrowAsync<RowStoreOpenException>(() => new StorageLayout(server.Store).StartingAsync(CancellationToken.None));
    }
}
