using System.Text.Json;
using Azure.Core;
using Azure.Data.Tables.Internal;
using Azure.Data.Tables.Models;

namespace Azure.Data.Tables;

public class TableClient
{
    private static readonly string[] ContinuationNames = ["NextPartitionKey", "NextRowKey"];

    private readonly TableEndpoint _endpoint;

    internal TableClient(TableEndpoint endpoint, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _endpoint = endpoint;
        Name = name;
    }

    protected TableClient()
    {
    }

    public virtual string AccountName => _endpoint.AccountName;

    public virtual string Name { get; }

    public virtual Uri Uri => _endpoint.Locate(Name);

    public static string CreateQueryFilter(FormattableString filter) => QueryFilter.Create(filter);

    public virtual Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default)
        => TableServiceClient.CreateTableIfNotExistsAsync(_endpoint, Name, cancellationToken);

    public virtual async Task<Response<T>> GetEntityAsync<T>(string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        using HttpMessage message = CreateGet(partitionKey, rowKey, select, 200);
        Response response = await _endpoint.SendAsync(message, cancellationToken);
        return Response.FromValue(Read<T>(response), response);
    }

    public virtual async Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        using HttpMessage message = CreateGet(partitionKey, rowKey, select, 200, 404);
        Response response = await _endpoint.SendAsync(message, cancellationToken);
        return response.Status == 404 ? new MissingEntity<T>(response) : Response.FromValue(Read<T>(response), response);
    }

    public virtual Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        ArgumentNullException.ThrowIfNull(entity);
        return ChangeAsync(EntityRequest.Add(Name, entity), cancellationToken);
    }

    public virtual Task<Response> UpsertEntityAsync<T>(T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        ArgumentNullException.ThrowIfNull(entity);
        return ChangeAsync(EntityRequest.Write(Name, entity, mode), cancellationToken);
    }

    public virtual Task<Response> UpdateEntityAsync<T>(T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        ArgumentNullException.ThrowIfNull(entity);
        return ifMatch == default
            ? throw new ArgumentException("Value cannot be empty.", nameof(ifMatch))
            : ChangeAsync(EntityRequest.Write(Name, entity, mode, ifMatch), cancellationToken);
    }

    /// <remarks>No failure when there is no such entity: the response then has the status 404.</remarks>
    public virtual Task<Response> DeleteEntityAsync(string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        return ChangeAsync(EntityRequest.Delete(Name, partitionKey, rowKey, ifMatch), cancellationToken);
    }

    public virtual AsyncPageable<T> QueryAsync<T>(string filter = null, int? maxPerPage = null, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
        => _endpoint.Query($"{Name}()", [("$filter", filter), ("$select", Join(select))], ContinuationNames, EntityJson.Read<T>, maxPerPage, cancellationToken);

    public virtual async Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transactionActions);
        EntityRequest[] requests = [.. transactionActions.Select(action => EntityRequest.Of(Name, action))];
        if (requests.Length == 0)
        {
            throw new InvalidOperationException("The batch contains no operations.");
        }

        using HttpMessage message = _endpoint.CreateMessage(RequestMethod.Post, "$batch", 202);
        (string contentType, byte[] body) = TransactionContent.Write(message.Request.ClientRequestId, requests, _endpoint.Locate);
        message.Request.Headers.SetValue("Content-Type", contentType);
        message.Request.Content = RequestContent.Create(body);
        Response response = await _endpoint.SendAsync(message, cancellationToken);
        List<Response> parts = TransactionReader.Read(response);

        // One part answers for all when an action failed.
        return parts is [{ IsError: true } failed]
            ? throw new TableTransactionFailedException(TableEndpoint.Failure(failed))
            : Response.FromValue<IReadOnlyList<Response>>(parts.AsReadOnly(), response);
    }

    private static string Join(IEnumerable<string> select) => select is null ? null : string.Join(',', select);

    private static T Read<T>(Response response)
        where T : class, ITableEntity
    {
        using JsonDocument document = JsonDocument.Parse(response.Content);
        return EntityJson.Read<T>(document.RootElement);
    }

    private HttpMessage CreateGet(string partitionKey, string rowKey, IEnumerable<string> select, params ReadOnlySpan<ushort> expected)
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        HttpMessage message = _endpoint.CreateMessage(RequestMethod.Get, EntityRequest.PathOf(Name, partitionKey, rowKey), expected);
        if (Join(select) is { } names)
        {
            message.Request.Uri.AppendQuery("$select", names, escapeValue: true);
        }

        return message;
    }

    private async Task<Response> ChangeAsync(EntityRequest request, CancellationToken cancellationToken)
    {
        using HttpMessage message = request.Method == RequestMethod.Delete
            ? _endpoint.CreateMessage(request.Method, request.Path, 204, 404)
            : _endpoint.CreateMessage(request.Method, request.Path, 201, 204);
        if (request.IfMatch is not null)
        {
            message.Request.Headers.SetValue("If-Match", request.IfMatch);
        }

        if (request.Body is not null)
        {
            message.Request.Headers.SetValue("Content-Type", TableEndpoint.Json);
            message.Request.Headers.SetValue("Prefer", "return-no-content");
            message.Request.Content = RequestContent.Create(request.Body);
        }

        return await _endpoint.SendAsync(message, cancellationToken);
    }
}
