using Serverless.Storage.Columns;
using SQLitePCL;

namespace Serverless.Storage.Sqlite;

/// <summary>Answers queries over columns on one read-only connection.</summary>
internal sealed class ColumnReader
{
    /// <summary>Steps of SQLite's machine between two looks at a bound.</summary>
    private const int StepsBetweenLooks = 1000;

    /// <summary>How often a first search by index looks: when few keys match, it has found them all by then.</summary>
    private const int LooksByIndex = 30;

    /// <summary>How often a search looks in a part of the list that has a bound: a page is there, or the end of the part.</summary>
    private const int LooksInPart = 10;

    /// <summary>How many rows that match are found between two looks, or more.</summary>
    private const int RowsOfLook = 50;

    /// <summary>
    /// How often a search in the order of the list looks before it gives way to one by index for good. When many keys match, it has found a
    /// page by then.
    /// </summary>
    private const int LooksInOrder = 100;

    /// <summary>
    /// How often it looks when the only other way is to go through all texts of an index. That takes about as long as so many looks.
    /// </summary>
    private const int LooksForText = 2000;

    /// <summary>How many keys of a small table are named at most in a search for what refers to them.</summary>
    private const int MaxNamed = 1000;

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
        var located = query.Table.LocatedBy.Count;
        var locate = query.Locate ?? query.Table.Locate;
        return Find(query, Selected(query), Read, cancellationToken);

        ColumnPlace Read(Guid key, object?[] values) =>
            new(key, located == values.Length ? null : values[located], locate(key, new ArraySegment<object?>(values, 0, located)));
    }

    private static IReadOnlyList<Column> Selected(ColumnQuery query) =>
        query.Order.Column is { } column ? [.. query.Table.LocatedBy, column] : query.Table.LocatedBy;

    /// <summary>What some columns hold for the keys of a query, in its order.</summary>
    public IReadOnlyList<IReadOnlyList<object?>> Values(
        ColumnQuery query,
        IReadOnlyList<Column> columns,
        CancellationToken cancellationToken
    ) => Find(query, columns, (_, values) => values, cancellationToken);

    private List<T> Find<T>(
        ColumnQuery asked,
        IReadOnlyList<Column> columns,
        Func<Guid, object?[], T> read,
        CancellationToken cancellationToken
    )
    {
        if (asked.Limit == 0 || !_catalog.Contains(SqliteSchema.NameOf(asked.Table)))
        {
            return [];
        }

        var query = asked with { Where = Resolve(asked.Where, cancellationToken) };
        List<T>? Try(SearchWay way, string from, int? looks) => TryFind(query, columns, read, way, from, looks, cancellationToken);

        // Nobody knows beforehand how many match. So each way has its turn.
        var ordered = IndexOf(query);
        if (
            ordered is not null
            && Narrowing.Bounds(query.Order, query.Where)
            && Try(SearchWay.InOrder, ordered, LooksInPart + (query.Limit / RowsOfLook)) is { } part
        )
        {
            return part;
        }

        var isNarrow = Narrowing.Narrows(query.Table, query.Where);
        if (Narrowing.IsLabelled(query.Where) && Try(SearchWay.ByLabels, "", LooksByIndex) is { } labelled)
        {
            return labelled;
        }

        if (isNarrow && Try(SearchWay.ByIndex, "", LooksByIndex) is { } few)
        {
            return few;
        }

        var isText = !isNarrow && Narrowing.IsText(query.Table, query.Where);
        if (
            ordered is not null
            && Try(
                SearchWay.InOrder,
                ordered,
                isNarrow ? LooksInOrder
                    : isText ? LooksForText
                    : null
            )
                is { } many
        )
        {
            return many;
        }

        return Try(isText ? SearchWay.ByText : SearchWay.ByIndex, "", null)!;
    }

    /// <summary>How many keys match.</summary>
    public long Count(ColumnTable table, Criterion where, CancellationToken cancellationToken) =>
        Sum(new ColumnSumQuery(table, where, []), cancellationToken).Sum(sum => sum.Count);

    /// <summary>How many keys match, and their sums.</summary>
    public IReadOnlyList<ColumnSum> Sum(ColumnSumQuery query, CancellationToken cancellationToken)
    {
        ColumnSummer summer = new(
            query with
            {
                Where = Resolve(query.Where, cancellationToken),
            },
            _catalog,
            (sql, read) => ReadAll(sql, read, cancellationToken)
        );
        return summer.Answer();
    }

    /// <summary>A criterion in which the keys of small tables are named, as far as they are few.</summary>
    private Criterion Resolve(Criterion criterion, CancellationToken cancellationToken)
    {
        switch (criterion)
        {
            case Criterion.All all:
                return new Criterion.All([.. all.Criteria.Select(part => Resolve(part, cancellationToken))]);
            case Criterion.Any any:
                return new Criterion.Any([.. any.Criteria.Select(part => Resolve(part, cancellationToken))]);
            case Criterion.Refers { Other.IsSmall: true } refers when _catalog.Contains(SqliteSchema.NameOf(refers.Other)):
                var sql = new ColumnSql(_catalog, SearchWay.ByIndex)
                    .Add($"SELECT t0.key FROM \"{SqliteSchema.NameOf(refers.Other)}\" AS t0")
                    .Where(refers.Other, refers.There)
                    .Add($" LIMIT {MaxNamed + 1}");
                List<object> keys = [];
                ReadAll(sql, statement => keys.Add(statement.ReadKey(0)), cancellationToken);
                return keys.Count > MaxNamed ? criterion : new Criterion.In(refers.Column, keys);
            default:
                return criterion;
        }
    }

    private void ReadAll(ColumnSql sql, Action<SqliteStatement> read, CancellationToken cancellationToken) =>
        Run(
            sql,
            null,
            statement =>
            {
                while (statement.Step())
                {
                    read(statement);
                }

                return 0;
            },
            cancellationToken
        );

    /// <summary>What to say after the table's name to get a query's order from the table or an index; null when none has it.</summary>
    private static string? IndexOf(ColumnQuery query) =>
        query.Order.Column is not { } column ? "NOT INDEXED"
        : query.Table.IndexOf(column) is { } index ? $"INDEXED BY \"{SqliteSchema.NameOf(query.Table, index)}\""
        : null;

    private ColumnSql Select(ColumnQuery query, IReadOnlyList<Column> selected, SearchWay way, string from)
    {
        var columns = string.Concat(selected.Select(column => $", t0.\"{column.Name}\""));
        var direction = query.Order.Descending ? "DESC" : "ASC";
        var first = query.Order.Column is { } column ? $"t0.\"{column.Name}\" {direction}, " : "";
        return new ColumnSql(_catalog, way) { OrderedBy = query.Order.Column }
            .Add($"SELECT t0.key{columns} FROM \"{SqliteSchema.NameOf(query.Table)}\" AS t0 {from}")
            .Where(query.Table, query.Where)
            .Add($" ORDER BY {first}t0.key {direction} LIMIT {query.Limit} OFFSET {query.Offset}");
    }

    /// <summary>What a way finds; null when it has looked often enough.</summary>
    private List<T>? TryFind<T>(
        ColumnQuery query,
        IReadOnlyList<Column> columns,
        Func<Guid, object?[], T> read,
        SearchWay way,
        string from,
        int? looks,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return Run(
                Select(query, columns, way, from),
                looks,
                statement =>
                {
                    List<T> found = [];
                    while (statement.Step())
                    {
                        found.Add(read(statement.ReadKey(0), [.. columns.Select((column, i) => statement.Read(i + 1, column.Type))]));
                    }

                    return found;
                },
                cancellationToken
            );
        }
        catch (SqliteErrorException e) when (e.PrimaryCode is raw.SQLITE_INTERRUPT && looks is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    private T Run<T>(ColumnSql sql, int? looks, Func<SqliteStatement, T> read, CancellationToken cancellationToken)
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
