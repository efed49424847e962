using Serverless.Storage.Azure.Tests.Fixtures;
using Serverless.Storage.Tests.Contract;

namespace Serverless.Storage.Azure.Tests;

[Collection(nameof(AzuriteTests))]
public sealed class AzureTableRowStoreContractTests(AzuriteFixture azurite) : RowStoreContract
{
    protected override int ModelRuns => 15;

    protected override async Task<IRowStore> CreateAsync() => await azurite.OpenAsync();
}
