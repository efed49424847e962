using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables.Internal;
using Azure.Data.Tables.Models;

namespace Azure.Data.Tables;

public class TableServiceClient
{
    private const string StorageScope = "https://storage.azure.com/.default";

    private static readonly string[] ContinuationNames = ["NextTableName"];

    private readonly TableEndpoint _endpoint;

    public TableServiceClient(string connectionString, TableClientOptions options = null)
    {
        TableConnectionString parsed = TableConnectionString.Parse(connectionString);
        _endpoint = new(parsed.Endpoint, parsed.AccountName, parsed.Authentication, options);
    }

    public TableServiceClient(Uri endpoint, AzureSasCredential credential, TableClientOptions options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credential);
        if (endpoint.Scheme != Uri.UriSchemeHttps && !endpoint.IsLoopback)
        {
            throw new ArgumentException("Cannot use AzureSasCredential without HTTPS.", nameof(endpoint));
        }

        _endpoint = new(endpoint, TableEndpoint.AccountOf(endpoint), new SasPolicy(credential), options);
    }

    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credential);
        _endpoint = new(endpoint, credential.AccountName, new SharedKeyLitePolicy(credential), options);
    }

    public TableServiceClient(Uri endpoint, TokenCredential tokenCredential, TableClientOptions options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(tokenCredential);
        if (endpoint.Scheme != Uri.UriSchemeHttps)
        {
            throw new ArgumentException("Cannot use TokenCredential without HTTPS.", nameof(endpoint));
        }

        _endpoint = new(endpoint, TableEndpoint.AccountOf(endpoint), new BearerTokenAuthenticationPolicy(tokenCredential, StorageScope), options);
    }

    protected TableServiceClient()
    {
    }

    public virtual string AccountName => _endpoint.AccountName;

    public virtual Uri Uri => _endpoint.Uri;

    public virtual TableClient GetTableClient(string tableName) => new(_endpoint, tableName);

    public virtual Task<Response<TableItem>> CreateTableIfNotExistsAsync(string tableName, CancellationToken cancellationToken = default)
        => CreateTableIfNotExistsAsync(_endpoint, tableName, cancellationToken);

    /// <remarks>No failure when there is no such table: the response then has the status 404.</remarks>
    public virtual async Task<Response> DeleteTableAsync(string tableName, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        using HttpMessage message = _endpoint.CreateMessage(RequestMethod.Delete, $"Tables('{Uri.EscapeDataString(tableName)}')", 204, 404);
        return await _endpoint.SendAsync(message, cancellationToken);
    }

    public virtual AsyncPageable<TableItem> QueryAsync(string filter = null, int? maxPerPage = null, CancellationToken cancellationToken = default)
        => _endpoint.Query("Tables", [("$filter", filter)], ContinuationNames, json => new TableItem(json.GetProperty("TableName").GetString()), maxPerPage, cancellationToken);

    internal static async Task<Response<TableItem>> CreateTableIfNotExistsAsync(TableEndpoint endpoint, string tableName, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        using HttpMessage message = endpoint.CreateMessage(RequestMethod.Post, "Tables", 201, 204, 409);
        message.Request.Headers.SetValue("Content-Type", TableEndpoint.Json);
        message.Request.Headers.SetValue("Prefer", "return-no-content");
        message.Request.Content = RequestContent.Create(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["TableName"] = tableName }));
        Response response = await endpoint.SendAsync(message, cancellationToken);
        if (response.Status == 409)
        {
            RequestFailedException conflict = TableEndpoint.Failure(response);
            if (conflict.ErrorCode != TableErrorCode.TableAlreadyExists)
            {
                throw conflict;
            }
        }

        return Response.FromValue(new TableItem(tableName), response);
    }
}
