namespace Serverless.Storage.Columns;

/// <summary>
/// What of some rows can be filtered, sorted and counted, in columns beside them: a key, columns, and labels. A store that keeps columns
/// (<see cref="IRowStore.Columns"/>) writes them in the transaction of the rows that they stand for.
/// </summary>
public sealed class ColumnTable
{
    private readonly List<Column> _columns = [];
    private readonly List<ColumnIndex> _indexes = [];
    private readonly List<ColumnRollup> _rollups = [];
    private readonly List<ColumnLatest> _latest = [];

    /// <summary>Begins a table without columns.</summary>
    /// <param name="name">Its name: lower-case letters.</param>
    /// <param name="locate">The row that a key and the columns of <see cref="LocatedBy"/> stand for.</param>
    public ColumnTable(string name, Func<Guid, IReadOnlyList<object?>, RowAddress> locate)
    {
        Name = name;
        Locate = locate;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The columns.</summary>
    public IReadOnlyList<Column> Columns => _columns;

    /// <summary>The indexes. Keys are indexed always, and so are labels.</summary>
    public IReadOnlyList<ColumnIndex> Indexes => _indexes;

    /// <summary>The sums that are kept, at most one for each time. The time has an index.</summary>
    public IReadOnlyList<ColumnRollup> Rollups => _rollups;

    /// <summary>The tables of the latest keys. They have no sums, labels or such tables themselves.</summary>
    public IReadOnlyList<ColumnLatest> Latest => _latest;

    /// <summary>The columns that say, with the key, where the row is.</summary>
    public IReadOnlyList<Column> LocatedBy { get; init; } = [];

    /// <summary>True when it has few keys beside those that refer to it: a search finds them first, then what refers to them.</summary>
    public bool IsSmall { get; init; }

    /// <summary>The row of a key and the values of <see cref="LocatedBy"/>.</summary>
    public Func<Guid, IReadOnlyList<object?>, RowAddress> Locate { get; }

    /// <summary>Adds a column.</summary>
    public Column Add(string name, ColumnType type)
    {
        Column column = new(name, type, _columns.Count);
        _columns.Add(column);
        return column;
    }

    /// <summary>Adds an index.</summary>
    public void AddIndex(params IReadOnlyList<Column> columns) => _indexes.Add(new ColumnIndex(columns));

    /// <summary>Adds an index that leaves out what is null in its first column.</summary>
    public void AddSparseIndex(params IReadOnlyList<Column> columns) => _indexes.Add(new ColumnIndex(columns, columns[0]));

    /// <summary>Adds an index that leaves out what is null in its last column.</summary>
    public void AddIndexOfPresent(params IReadOnlyList<Column> columns) => _indexes.Add(new ColumnIndex(columns, columns[^1]));

    /// <summary>The index that has all keys in the order of a column; null for none.</summary>
    public ColumnIndex? IndexOf(Column column) => _indexes.Find(index => index is { Present: null, Columns: [var only] } && only == column);

    /// <summary>Adds sums that are kept.</summary>
    public void AddRollup(ColumnRollup rollup) => _rollups.Add(rollup);

    /// <summary>Adds a table of the latest keys, and the index that finds them.</summary>
    public void AddLatest(ColumnLatest latest)
    {
        ArgumentNullException.ThrowIfNull(latest);
        _latest.Add(latest);
        AddSparseIndex(latest.By, latest.Order);
    }
}
