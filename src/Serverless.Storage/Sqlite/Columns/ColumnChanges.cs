using Serverless.Storage.Columns;

namespace Serverless.Storage.Sqlite;

/// <summary>
/// The changes of columns of one group of commits. A key that several of them change is written once, with what it holds after the last.
/// Writer thread only.
/// </summary>
internal sealed class ColumnChanges(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<(ColumnTable Table, Guid Key), ColumnChange> _changes = [];
    private readonly Dictionary<ColumnTable, ColumnWriter> _writers = [];

    /// <summary>Adds those of a commit that holds.</summary>
    public void Add(RowCommit commit)
    {
        foreach (var change in commit.Columns)
        {
            var key = (change.Table, change.Key);
            if (!_changes.TryGetValue(key, out var first))
            {
                _changes.Add(key, change);
            }
            else if (first.After is null)
            {
                WriterOf(change.Table).Write(first);
                _changes[key] = change;
            }
            else
            {
                _changes[key] = first with { After = change.After };
            }
        }
    }

    /// <summary>Writes them, within the transaction of their rows.</summary>
    public void Write()
    {
        foreach (var change in _changes.Values)
        {
            WriterOf(change.Table).Write(change);
        }

        _changes.Clear();
        foreach (var writer in _writers.Values)
        {
            writer.WriteKept();
        }
    }

    /// <summary>The group is not written.</summary>
    public void Clear()
    {
        _changes.Clear();
        foreach (var writer in _writers.Values)
        {
            writer.ClearKept();
        }
    }

    /// <summary>Creates the tables that a commit names, unless they are there.</summary>
    public void CreateTables(RowCommit commit, TableCatalog catalog)
    {
        foreach (var change in commit.Columns)
        {
            CreateTable(change.Table, catalog);
            foreach (var latest in change.Table.Latest)
            {
                CreateTable(latest.Table, catalog);
            }
        }
    }

    private void CreateTable(ColumnTable table, TableCatalog catalog)
    {
        var name = SqliteSchema.NameOf(table);
        if (!catalog.Contains(name))
        {
            connection.Execute($"BEGIN IMMEDIATE; {SqliteSchema.CreateTable(table)} COMMIT");
            catalog.Add(name);
        }
    }

    public void Dispose()
    {
        foreach (var writer in _writers.Values)
        {
            writer.Dispose();
        }
    }

    private ColumnWriter WriterOf(ColumnTable table)
    {
        if (!_writers.TryGetValue(table, out var writer))
        {
            _writers.Add(table, writer = new(connection, table));
        }

        return writer;
    }
}
