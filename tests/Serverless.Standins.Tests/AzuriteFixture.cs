using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Serverless.Testing;

namespace Serverless.Standins.Tests;

/// <summary>The one Azurite of this test project.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private int _names;
    private AzuriteProcess? _azurite;

    public AzuriteProcess Azurite => _azurite ?? throw new InvalidOperationException("Azurite does not run.");

    public TableServiceClient Tables => new(Azurite.ConnectionString, new TableClientOptions());

    public BlobServiceClient Blobs => new(Azurite.ConnectionString, new BlobClientOptions());

    public async Task InitializeAsync()
    {
        if (AzuriteProcess.SkipReason is null)
        {
            _azurite = await AzuriteProcess.StartAsync();
        }
    }

    /// <summary>A table of its own for one test.</summary>
    public async Task<TableClient> CreateTableAsync()
    {
        TableClient table = Tables.GetTableClient(NextName("Table"));
        await table.CreateIfNotExistsAsync();
        return table;
    }

    /// <summary>A name that no other test has.</summary>
    public string NextName(string prefix) => $"{prefix}{Interlocked.Increment(ref _names)}";

    public async Task DisposeAsync()
    {
        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }
    }
}
