using Serverless.Storage.Columns;
using SQLitePCL;

namespace Serverless.Storage.Sqlite;

/// <summary>Answers queries over columns on one read-only connection.</summary>
internal sealed class ColumnReader
{
    /// <summary>Steps of SQLite's machine between two looks at a bound.</summary>
    private const int StepsBetweenLooks = 1000;

    /// <summary>
    /// How often a search in the order of the list looks before it gives way to one by index: about two milliseconds. When many keys match it
    /// has found a page by then; when few do, an index finds them faster.
    /// </summary>
    private const int LooksInOrder = 150;

    private readonly SqliteConnection _connection;
    private readonly TableCatalog _catalog;
    private List<Func<string, bool>> _functions = [];

    public ColumnReader(SqliteConnection connection, TableCatalog catalog)
    {
        _connection = connection;
        _catalog = catalog;
        connection.AddFunction(ColumnSql.AcceptsFunction, (number, text) => text is not null && _functions[(int)number](text));
    }

    /// <summary>Where the rows of a query are, in its order.</summary>
    public IReadOnlyList<ColumnPlace> Find(ColumnQuery query, CancellationToken cancellationToken)
    {
        if (query.Limit == 0 || !_catalog.Contains(SqliteSchema.NameOf(query.Table)))
        {
            return [];
        }

        if (IndexOf(query) is { } index)
        {
            var isNarrow = Narrowing.Narrows(query.Table, query.Where);
            if (TryFind(InOrder(query, index), query, isNarrow ? LooksInOrder : null, cancellationToken) is { } found)
            {
                return found;
            }
        }

        return TryFind(ByIndex(query), query, null, cancellationToken)!;
    }

    /// <summary>How many keys match.</summary>
    public long Count(ColumnTable table, Criterion where, CancellationToken cancellationToken)
    {
        var name = SqliteSchema.NameOf(table);
        if (!_catalog.Contains(name))
        {
            return 0;
        }

        var sql = new ColumnSql(_catalog, byIndex: true).Add($"SELECT count(*) FROM \"{name}\" AS t0").Where(table, where);
        return Run(sql, null, cancellationToken, statement => statement.Step() ? statement.Int64(0) : 0);
    }

    /// <summary>How many keys match, by the values of columns.</summary>
    public IReadOnlyList<ColumnGroup> CountBy(
        ColumnTable table,
        Criterion where,
        IReadOnlyList<Column> columns,
        CancellationToken cancellationToken
    )
    {
        var name = SqliteSchema.NameOf(table);
        if (!_catalog.Contains(name))
        {
            return [];
        }

        var names = string.Join(", ", columns.Select(column => $"t0.\"{column.Name}\""));
        var sql = new ColumnSql(_catalog, byIndex: true).Add($"SELECT {names}, count(*) FROM \"{name}\" AS t0").Where(table, where);
        _ = sql.Add($" GROUP BY {names}");
        return Run(
            sql,
            null,
            cancellationToken,
            statement =>
            {
                List<ColumnGroup> groups = [];
                while (statement.Step())
                {
                    groups.Add(new([.. columns.Select((column, i) => statement.Read(i, column.Type))], statement.Int64(columns.Count)));
                }

                return groups;
            }
        );
    }

    /// <summary>The index that has the order of a query; empty when that is the order of the keys, null when there is none.</summary>
    private static string? IndexOf(ColumnQuery query) =>
        query.Order.Column is not { } column ? ""
        : query.Table.Indexes.FirstOrDefault(index => index is { SkipsNull: false, Columns: [var only] } && only == column) is { } index
            ? SqliteSchema.NameOf(query.Table, index)
        : null;

    private static IReadOnlyList<Column> Selected(ColumnQuery query) =>
        query.Order.Column is { } column ? [.. query.Table.LocatedBy, column] : query.Table.LocatedBy;

    private ColumnSql InOrder(ColumnQuery query, string index)
    {
        var from = index.Length == 0 ? "NOT INDEXED" : $"INDEXED BY \"{index}\"";
        return Select(new ColumnSql(_catalog, byIndex: false), query, from);
    }

    private ColumnSql ByIndex(ColumnQuery query) => Select(new ColumnSql(_catalog, byIndex: true), query, "");

    private static ColumnSql Select(ColumnSql sql, ColumnQuery query, string from)
    {
        var columns = string.Concat(Selected(query).Select(column => $", t0.\"{column.Name}\""));
        _ = sql.Add($"SELECT t0.key{columns} FROM \"{SqliteSchema.NameOf(query.Table)}\" AS t0 {from}").Where(query.Table, query.Where);
        var direction = query.Order.Descending ? "DESC" : "ASC";
        var first = query.Order.Column is { } column ? $"t0.\"{column.Name}\" {direction}, " : "";
        return sql.Add($" ORDER BY {first}t0.key {direction} LIMIT {query.Limit} OFFSET {query.Offset}");
    }

    private List<ColumnPlace>? TryFind(ColumnSql sql, ColumnQuery query, int? looks, CancellationToken cancellationToken)
    {
        var columns = Selected(query);
        var located = query.Table.LocatedBy.Count;
        try
        {
            return Run(
                sql,
                looks,
                cancellationToken,
                statement =>
                {
                    List<ColumnPlace> found = [];
                    var values = new object?[columns.Count];
                    ArraySegment<object?> place = new(values, 0, located);
                    while (statement.Step())
                    {
                        for (var i = 0; i < values.Length; i++)
                        {
                            values[i] = statement.Read(i + 1, columns[i].Type);
                        }

                        var key = statement.ReadKey(0);
                        found.Add(new(key, located == values.Length ? null : values[located], query.Table.Locate(key, place)));
                    }

                    return found;
                }
            );
        }
        catch (SqliteErrorException e) when (e.PrimaryCode is raw.SQLITE_INTERRUPT && looks is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    private T Run<T>(ColumnSql sql, int? looks, CancellationToken cancellationToken, Func<SqliteStatement, T> read)
    {
        _functions = sql.Functions;
        using var statement = _connection.Prepare(sql.ToString());
        for (var i = 0; i < sql.Parameters.Count; i++)
        {
            statement.Bind(i + 1, sql.Parameters[i]);
        }

        var looked = 0;
        using var bound = _connection.InterruptWhen(StepsBetweenLooks, () => cancellationToken.IsCancellationRequested || ++looked > looks);
        try
        {
            return read(statement);
        }
        catch (SqliteErrorException e) when (e.PrimaryCode is raw.SQLITE_INTERRUPT)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }
}
