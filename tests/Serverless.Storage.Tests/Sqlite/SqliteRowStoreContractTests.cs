using Serverless.Storage.Sqlite;
using Serverless.Storage.Tests.Contract;

namespace Serverless.Storage.Tests.Sqlite;

public sealed class SqliteRowStoreContractTests : RowStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // After the store, which the contract closes.
    public void Dispose() => _folder.Dispose();

    // Synced for real elsewhere; a small log makes checkpoints part of every test.
    protected override Task<IRowStore> CreateAsync() =>
        Task.FromResult<IRowStore>(
            SqliteRowStore.Open(
                new()
                {
                    Path = _folder.Database,
                    Durability = SqliteDurability.Normal,
                    CheckpointPages = 64,
                }
            )
        );
}
