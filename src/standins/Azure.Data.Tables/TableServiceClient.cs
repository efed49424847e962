using Azure.Core;
using Azure.Data.Tables.Models;

namespace Azure.Data.Tables;

public class TableServiceClient
{
    public TableServiceClient(string connectionString, TableClientOptions options = null)
    {
    }

    public TableServiceClient(Uri endpoint, AzureSasCredential credential, TableClientOptions options = null)
    {
    }

    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions options)
    {
    }

    public TableServiceClient(Uri endpoint, TokenCredential tokenCredential, TableClientOptions options = null)
    {
    }

    protected TableServiceClient()
    {
    }

    public virtual string AccountName => throw new NotSupportedException();

    public virtual Uri Uri => throw new NotSupportedException();

    public virtual TableClient GetTableClient(string tableName) => throw new NotSupportedException();

    public virtual Task<Response<TableItem>> CreateTableIfNotExistsAsync(string tableName, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public virtual Task<Response> DeleteTableAsync(string tableName, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public virtual AsyncPageable<TableItem> QueryAsync(string filter = null, int? maxPerPage = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
