using Serverless.Storage;
using Serverless.Storage.Sqlite;

namespace Serverless.Functions.Tests.Fixtures;

/// <summary>
/// The store that the tests of this project run on: SQLite. <c>Serverless.Functions.Azurite.Tests</c> runs the same tests on another.
/// </summary>
internal sealed class TestRows : IAsyncDisposable
{
    /// <summary>How many histories a property is tried on.</summary>
    public const int Histories = 40;

    /// <summary>The commits at which the tests that crash "at every commit" do so: every one.</summary>
    public static IEnumerable<int> Crashes()
    {
        for (var commit = 1; ; commit++)
        {
            yield return commit;
        }
    }

    private readonly DirectoryInfo _folder;
    private readonly SqliteRowStore _store;

    private TestRows(DirectoryInfo folder, SqliteRowStore store)
    {
        _folder = folder;
        _store = store;
    }

    public IRowStore Store => _store;

    public static Task<TestRows> OpenAsync()
    {
        var folder = Directory.CreateTempSubdirectory("serverless-functions-");
        return Task.FromResult(
            new TestRows(
                folder,
                SqliteRowStore.Open(
                    new SqliteRowStoreOptions { Path = Path.Combine(folder.FullName, "rows.db"), Durability = SqliteDurability.Normal }
                )
            )
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
