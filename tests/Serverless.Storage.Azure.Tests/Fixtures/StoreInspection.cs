using Azure.Data.Tables;

namespace Serverless.Storage.Azure.Tests.Fixtures;

/// <summary>Looks at the tables and blobs behind a store's back.</summary>
public sealed class StoreInspection(AzureStorageOptions options)
{
    private readonly AzureStorageAccount _account = AzureStorageAccount.Create(options with { Transport = null });

    /// <summary>Rows of the system in a table: journal rows.</summary>
    public async Task<int> CountSystemRowsAsync(string table) => await CountAsync(table, "RowKey ge '~'");

    /// <summary>Registrations that are there.</summary>
    public async Task<int> CountRegistrationsAsync() => await CountAsync("0pending", null);

    /// <summary>The names of all blobs.</summary>
    public async Task<IReadOnlyList<string>> ListBlobsAsync()
    {
        Wire.BlobStore blobs = new(_account.Blobs, options.Prefix);
        return (await blobs.ListAsync(5000, null, CancellationToken.None)).Names;
    }

    private async Task<int> CountAsync(string table, string? filter)
    {
        var count = 0;
        try
        {
            await foreach (var entity in _account.Tables.GetTableClient(options.Prefix + table).QueryAsync<TableEntity>(filter))
            {
                count++;
            }
        }
        catch (global::Azure.RequestFailedException e) when (e.ErrorCode == "TableNotFound")
        {
            // Nothing was written to it.
        }

        return count;
    }
}
