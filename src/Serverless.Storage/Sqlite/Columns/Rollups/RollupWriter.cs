using System.Diagnostics;
using Serverless.Storage.Columns;

namespace Serverless.Storage.Sqlite;

/// <summary>Keeps the sums of one <see cref="ColumnRollup"/>: adds up the changes of a group of commits and writes each sum once.</summary>
internal sealed class RollupWriter : IDisposable
{
    private readonly ColumnRollup _rollup;
    private readonly SqliteStatement _add;
    private readonly SqliteStatement _deleteEmpty;
    private readonly Dictionary<Cell, long[]> _changes = [];

    public RollupWriter(SqliteConnection connection, ColumnTable table, ColumnRollup rollup)
    {
        _rollup = rollup;
        var name = SqliteSchema.NameOf(table, rollup);
        string[] by = ["_level", "_bucket", .. rollup.By.Select(column => $"\"{column.Name}\"")];
        string[] sums = ["_count", .. rollup.Sums.Select(column => $"\"{column.Name}\"")];
        var values = string.Join(", ", Enumerable.Range(1, by.Length + sums.Length).Select(number => $"?{number}"));
        var additions = string.Join(", ", sums.Select(sum => $"{sum} = {sum} + excluded.{sum}"));
        _add = connection.Prepare(
            $"INSERT INTO \"{name}\" ({string.Join(", ", [.. by, .. sums])}) VALUES ({values}) ON CONFLICT DO UPDATE SET {additions}"
        );
        var here = string.Join(" AND ", by.Select((column, index) => $"{column} = ?{index + 1}"));
        _deleteEmpty = connection.Prepare($"DELETE FROM \"{name}\" WHERE {here} AND _count = 0");
    }

    /// <summary>A key holds something else from now on.</summary>
    public void Change(IReadOnlyList<object?>? before, IReadOnlyList<object?>? after)
    {
        if (before is not null && IsKept(before))
        {
            Add(before, -1);
        }

        if (after is not null && IsKept(after))
        {
            Add(after, 1);
        }
    }

    /// <summary>Writes what has changed.</summary>
    public void Write()
    {
        foreach (var (cell, change) in _changes)
        {
            if (!change.AsSpan().ContainsAnyExcept(0))
            {
                continue;
            }

            Bind(_add, cell);
            for (var i = 0; i < change.Length; i++)
            {
                _add.BindInt64(3 + cell.By.Length + i, change[i]);
            }

            _add.Execute();
            if (change[0] < 0)
            {
                Bind(_deleteEmpty, cell);
                _deleteEmpty.Execute();
            }
        }

        _changes.Clear();
    }

    /// <summary>The group is not written.</summary>
    public void Clear() => _changes.Clear();

    public void Dispose()
    {
        _add.Dispose();
        _deleteEmpty.Dispose();
    }

    private static void Bind(SqliteStatement statement, Cell cell)
    {
        statement.BindInt64(1, cell.Level);
        statement.BindInt64(2, cell.Bucket);
        for (var i = 0; i < cell.By.Length; i++)
        {
            statement.Bind(3 + i, cell.By[i]);
        }
    }

    private bool IsKept(IReadOnlyList<object?> values) =>
        values[_rollup.Kind.Position] is { } kind
        && _rollup.Kept.Contains(kind)
        && _rollup.By.All(column => values[column.Position] is not null);

    private void Add(IReadOnlyList<object?> values, int sign)
    {
        var by = new object[_rollup.By.Count];
        for (var i = 0; i < by.Length; i++)
        {
            by[i] = values[_rollup.By[i].Position] ?? throw new UnreachableException();
        }

        foreach (var level in RollupLevel.All)
        {
            Cell cell = new(level, RollupLevel.BucketOf(values[_rollup.Time.Position], level), by);
            if (!_changes.TryGetValue(cell, out var change))
            {
                _changes.Add(cell, change = new long[1 + _rollup.Sums.Count]);
            }

            change[0] += sign;
            for (var i = 0; i < _rollup.Sums.Count; i++)
            {
                change[i + 1] += sign * (values[_rollup.Sums[i].Position] as long? ?? 0);
            }
        }
    }

    private readonly record struct Cell(long Level, long Bucket, object[] By)
    {
        public bool Equals(Cell other) => Level == other.Level && Bucket == other.Bucket && By.AsSpan().SequenceEqual(other.By);

        public override int GetHashCode()
        {
            HashCode hash = new();
            hash.Add(Level);
            hash.Add(Bucket);
            foreach (var value in By)
            {
                hash.Add(value);
            }

            return hash.ToHashCode();
        }
    }
}
