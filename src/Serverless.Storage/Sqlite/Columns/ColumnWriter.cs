using System.Text;
using Serverless.Storage.Columns;

namespace Serverless.Storage.Sqlite;

/// <summary>
/// Writes the columns of one table. Of a change it writes only what is another value, since SQLite writes every index of a column that a
/// statement names. Writer thread only.
/// </summary>
internal sealed class ColumnWriter : IDisposable
{
    private readonly Dictionary<ulong, SqliteStatement> _updates = [];
    private readonly SqliteConnection _connection;
    private readonly ColumnTable _table;
    private readonly string _name;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _delete;
    private readonly SqliteStatement _stored;
    private readonly SqliteStatement _insertLabel;
    private readonly SqliteStatement _deleteLabel;
    private readonly List<RollupWriter> _rollups = [];
    private readonly List<LatestWriter> _latest = [];

    public ColumnWriter(SqliteConnection connection, ColumnTable table)
    {
        _connection = connection;
        _table = table;
        _name = SqliteSchema.NameOf(table);
        var labels = SqliteSchema.LabelsOf(table);
        StringBuilder names = new();
        StringBuilder values = new();
        foreach (var column in table.Columns)
        {
            _ = names.Append(", \"").Append(column.Name).Append('"');
            _ = values.Append(", ?").Append(column.Position + 3);
        }

        _insert = connection.Prepare($"INSERT OR IGNORE INTO \"{_name}\" (key, labels{names}) VALUES (?1, ?2{values})");
        _delete = connection.Prepare($"DELETE FROM \"{_name}\" WHERE key = ?1");
        _stored = connection.Prepare($"SELECT labels{names} FROM \"{_name}\" WHERE key = ?1");
        _insertLabel = connection.Prepare($"INSERT OR IGNORE INTO \"{labels}\" (label, key) VALUES (?1, ?2)");
        _deleteLabel = connection.Prepare($"DELETE FROM \"{labels}\" WHERE label = ?1 AND key = ?2");
        _rollups.AddRange(table.Rollups.Select(rollup => new RollupWriter(connection, table, rollup)));
        _latest.AddRange(table.Latest.Select(latest => new LatestWriter(connection, table, latest)));
    }

    /// <summary>Writes a change.</summary>
    public void Write(ColumnChange change)
    {
        if (change.After is not { } after)
        {
            Delete(change.Key);
        }
        else if (change.Before is not { } before)
        {
            Insert(change.Key, after);
        }
        else
        {
            Update(change.Key, before, after);
        }
    }

    /// <summary>Writes the sums, and the latest keys, that the changes since the last call make.</summary>
    public void WriteKept()
    {
        foreach (var rollup in _rollups)
        {
            rollup.Write();
        }

        foreach (var latest in _latest)
        {
            latest.Write();
        }
    }

    /// <summary>The changes since then are not written.</summary>
    public void ClearKept()
    {
        foreach (var rollup in _rollups)
        {
            rollup.Clear();
        }

        foreach (var latest in _latest)
        {
            latest.Clear();
        }
    }

    public void Dispose()
    {
        foreach (var rollup in _rollups)
        {
            rollup.Dispose();
        }

        foreach (var latest in _latest)
        {
            latest.Dispose();
        }

        foreach (var update in _updates.Values)
        {
            update.Dispose();
        }

        _insert.Dispose();
        _delete.Dispose();
        _stored.Dispose();
        _insertLabel.Dispose();
        _deleteLabel.Dispose();
    }

    private static bool Equal(IReadOnlyList<string> one, IReadOnlyList<string> other) =>
        ReferenceEquals(one, other) || one.SequenceEqual(other, StringComparer.Ordinal);

    private void Insert(Guid key, ColumnValues values)
    {
        _insert.Bind(1, key);
        _insert.Bind(2, LabelText.Of(values.Labels));
        for (var i = 0; i < values.Values.Count; i++)
        {
            _insert.Bind(i + 3, values.Values[i]);
        }

        _insert.Execute();
        if (_connection.Changes == 0)
        {
            Delete(key);
            Insert(key, values);
            return;
        }

        WriteLabels(_insertLabel, key, values.Labels);
        ChangeKept(null, values.Values);
    }

    private void Update(Guid key, ColumnValues before, ColumnValues after)
    {
        ulong changed = 0;
        for (var i = 0; i < after.Values.Count; i++)
        {
            if (!Equals(before.Values[i], after.Values[i]))
            {
                changed |= 1UL << i;
            }
        }

        var relabelled = !Equal(before.Labels, after.Labels);
        if (relabelled)
        {
            changed |= 1UL << _table.Columns.Count;
        }

        if (changed == 0)
        {
            return;
        }

        var update = UpdateOf(changed);
        update.Bind(1, key);
        var parameter = 2;
        for (var i = 0; i < after.Values.Count; i++)
        {
            if ((changed & (1UL << i)) != 0)
            {
                update.Bind(parameter++, after.Values[i]);
            }
        }

        if (relabelled)
        {
            update.Bind(parameter, LabelText.Of(after.Labels));
            WriteLabels(_deleteLabel, key, before.Labels);
            WriteLabels(_insertLabel, key, after.Labels);
        }

        update.Execute();
        ChangeKept(before.Values, after.Values);
    }

    private void Delete(Guid key)
    {
        _stored.Bind(1, key);
        string? labels = null;
        object?[]? values = null;
        if (_stored.Step())
        {
            labels = _stored.IsNull(0) ? null : _stored.Text(0);
            values = [.. _table.Columns.Select(column => _stored.Read(column.Position + 1, column.Type))];
        }

        _stored.Reset();
        if (labels is not null)
        {
            WriteLabels(_deleteLabel, key, LabelText.Read(labels));
        }

        _delete.Bind(1, key);
        _delete.Execute();
        ChangeKept(values, null);
    }

    private void ChangeKept(IReadOnlyList<object?>? before, IReadOnlyList<object?>? after)
    {
        foreach (var rollup in _rollups)
        {
            rollup.Change(before, after);
        }

        foreach (var latest in _latest)
        {
            latest.Change(before, after);
        }
    }

    private static void WriteLabels(SqliteStatement statement, Guid key, IEnumerable<string> labels)
    {
        foreach (var label in labels)
        {
            statement.Bind(1, label);
            statement.Bind(2, key);
            statement.Execute();
        }
    }

    private SqliteStatement UpdateOf(ulong changed)
    {
        if (_updates.TryGetValue(changed, out var known))
        {
            return known;
        }

        List<string> sets = [];
        foreach (var column in _table.Columns)
        {
            if ((changed & (1UL << column.Position)) != 0)
            {
                sets.Add($"\"{column.Name}\" = ?{sets.Count + 2}");
            }
        }

        if ((changed & (1UL << _table.Columns.Count)) != 0)
        {
            sets.Add($"labels = ?{sets.Count + 2}");
        }

        var update = _connection.Prepare($"UPDATE \"{_name}\" SET {string.Join(", ", sets)} WHERE key = ?1");
        _updates.Add(changed, update);
        return update;
    }
}
