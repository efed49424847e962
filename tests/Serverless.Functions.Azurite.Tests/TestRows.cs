using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Storage;
using Serverless.Storage.Azure;
using Serverless.Testing;

namespace Serverless.Functions.Tests.Fixtures;

/// <summary>
/// The store that the tests of this project run on: Azure Tables, each test with tables of its own. One Azurite uses one processor and
/// is what the tests wait for, so there are two.
/// </summary>
internal sealed class TestRows : IAsyncDisposable
{
    /// <summary>How many histories a property is tried on. A commit takes ten times as long as on SQLite.</summary>
    public const int Histories = 15;

    /// <summary>
    /// The commits at which the tests that crash "at every commit" do so: every third here, where a commit takes ten times as long. Which
    /// third differs from run to run.
    /// </summary>
    public static IEnumerable<int> Crashes()
    {
        for (var commit = 1 + Random.Shared.Next(3); ; commit += 3)
        {
            yield return commit;
        }
    }

    // They end with this process.
    private static readonly Lazy<Task<AzuriteProcess>>[] Azurites =
    [
        new(() => AzuriteProcess.StartAsync()),
        new(() => AzuriteProcess.StartAsync()),
    ];
    private static int _apps;

    private readonly TableServiceClient _tables;
    private readonly string _prefix;
    private readonly AzureTableRowStore _store;

    private TestRows(TableServiceClient tables, string prefix, AzureTableRowStore store)
    {
        _tables = tables;
        _prefix = prefix;
        _store = store;
    }

    public IRowStore Store => _store;

    public static async Task<TestRows> OpenAsync()
    {
        var app = Interlocked.Increment(ref _apps);
        AzureStorageOptions options = new() { ConnectionString = (await AzuriteAsync(app)).ConnectionString, Prefix = $"app{app}x" };
        var account = AzureStorageAccount.Create(options);
        return new TestRows(
            account.Tables,
            options.Prefix,
            await AzureTableRowStore.OpenAsync(account, null, TimeProvider.System, NullLogger.Instance)
        );
    }

    /// <summary>One of the emulators that all tests share.</summary>
    public static Task<AzuriteProcess> AzuriteAsync(int number = 0) => Azurites[number % Azurites.Length].Value;

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();

        // For each request Azurite goes through all tables that there are: without this, that is a quarter of its work.
        var mine = TableClient.CreateQueryFilter($"TableName ge {_prefix} and TableName lt {_prefix + "~"}");
        await foreach (var table in _tables.QueryAsync(mine))
        {
            await _tables.DeleteTableAsync(table.Name);
        }
    }
}
