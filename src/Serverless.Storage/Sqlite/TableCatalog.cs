using System.Collections.Concurrent;

namespace Serverless.Storage.Sqlite;

/// <summary>
/// The logical tables that exist. Readers skip a table that is not here yet; the writer adds one when it is
/// committed. SQLite's names ignore case, as those of Azure Tables do.
/// </summary>
internal sealed class TableCatalog
{
    private readonly ConcurrentDictionary<string, bool> _tables = new(StringComparer.OrdinalIgnoreCase);

    public bool Contains(string table) => _tables.ContainsKey(table);

    public void Add(string table) => _tables[table] = true;
}
