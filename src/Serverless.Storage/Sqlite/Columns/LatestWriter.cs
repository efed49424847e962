using Serverless.Storage.Columns;

namespace Serverless.Storage.Sqlite;

/// <summary>
/// Keeps one <see cref="ColumnLatest"/>: for each id that the changes of a group of commits touch, it looks once which key is the latest.
/// </summary>
internal sealed class LatestWriter : IDisposable
{
    private readonly ColumnLatest _latest;
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _write;
    private readonly SqliteStatement _delete;
    private readonly HashSet<Guid> _touched = [];

    public LatestWriter(SqliteConnection connection, ColumnTable table, ColumnLatest latest)
    {
        _latest = latest;
        _connection = connection;
        var kept = SqliteSchema.NameOf(latest.Table);
        var (by, order) = (latest.By.Name, latest.Order.Name);
        var held = string.Concat(latest.Table.Columns.Skip(1).Select(column => $", \"{column.Name}\""));
        _write = connection.Prepare(
            $"INSERT OR REPLACE INTO \"{kept}\" (key, \"{latest.Table.Columns[0].Name}\"{held}) SELECT \"{by}\", key{held} "
                + $"FROM \"{SqliteSchema.NameOf(table)}\" WHERE \"{by}\" = ?1 ORDER BY \"{order}\" DESC, key DESC LIMIT 1"
        );
        _delete = connection.Prepare($"DELETE FROM \"{kept}\" WHERE key = ?1");
    }

    /// <summary>A key holds something else from now on.</summary>
    public void Change(IReadOnlyList<object?>? before, IReadOnlyList<object?>? after)
    {
        foreach (var values in (ReadOnlySpan<IReadOnlyList<object?>?>)[before, after])
        {
            if (values?[_latest.By.Position] is Guid id)
            {
                _ = _touched.Add(id);
            }
        }
    }

    /// <summary>Writes what has changed.</summary>
    public void Write()
    {
        foreach (var id in _touched)
        {
            _write.Bind(1, id);
            _write.Execute();
            if (_connection.Changes == 0)
            {
                _delete.Bind(1, id);
                _delete.Execute();
            }
        }

        _touched.Clear();
    }

    /// <summary>The group is not written.</summary>
    public void Clear() => _touched.Clear();

    public void Dispose()
    {
        _write.Dispose();
        _delete.Dispose();
    }
}
