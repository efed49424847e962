using System.Collections.Concurrent;
using Azure.Data.Tables;

namespace Serverless.Storage.Azure.Wire;

/// <summary>The tables of a store by their logical names. A table is created when the service first says that it is absent.</summary>
internal sealed class TableDirectory(TableServiceClient service, string prefix)
{
    /// <summary>Of the system; no user's table has a name that begins with a digit.</summary>
    public const string Pending = "0pending";

    private readonly ConcurrentDictionary<string, TableClient> _clients = new(StringComparer.OrdinalIgnoreCase);

    public TableClient this[string table] =>
        _clients.TryGetValue(table, out var client) ? client : _clients.GetOrAdd(table, service.GetTableClient(prefix + table));

    public async Task CreateAsync(string table, CancellationToken cancellationToken) =>
        await this[table].CreateIfNotExistsAsync(cancellationToken);
}
