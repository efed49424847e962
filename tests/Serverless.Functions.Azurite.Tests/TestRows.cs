using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Storage;
using Serverless.Storage.Azure;
using Serverless.Testing;

namespace Serverless.Functions.Tests.Fixtures;

/// <summary>The store that the tests of this project run on: Azure Tables, each test with tables of its own on one Azurite.</summary>
internal sealed class TestRows : IAsyncDisposable
{
    /// <summary>How many histories a property is tried on. A commit takes ten times as long as on SQLite.</summary>
    public const int Histories = 15;

    // It ends with this process.
    private static readonly Lazy<Task<AzuriteProcess>> Azurite = new(() => AzuriteProcess.StartAsync());
    private static int _apps;

    private readonly AzureTableRowStore _store;

    private TestRows(AzureTableRowStore store) => _store = store;

    public IRowStore Store => _store;

    public static async Task<TestRows> OpenAsync()
    {
        AzureStorageOptions options = new()
        {
            ConnectionString = (await Azurite.Value).ConnectionString,
            Prefix = $"app{Interlocked.Increment(ref _apps)}x",
        };
        return new TestRows(
            await AzureTableRowStore.OpenAsync(AzureStorageAccount.Create(options), null, TimeProvider.System, NullLogger.Instance)
        );
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
