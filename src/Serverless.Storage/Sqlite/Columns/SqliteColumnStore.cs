using Serverless.Storage.Columns;

namespace Serverless.Storage.Sqlite;

/// <summary>The columns of a <see cref="SqliteRowStore"/>.</summary>
/// <param name="read">Calls back with a connection that nobody else uses meanwhile.</param>
internal sealed class SqliteColumnStore(SqliteColumnStore.ReadOn read) : IColumnStore
{
    /// <summary>Reads on a connection of the pool.</summary>
    public delegate ValueTask ReadOn(string table, Action<RowReader> action, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(ColumnQuery query, Func<ColumnHit, bool> found, CancellationToken cancellationToken = default)
    {
        var count = 0;
        await read(query.Table.Name, reader => count = reader.Read(query, found, cancellationToken), cancellationToken);
        return count;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<IReadOnlyList<object?>>> ValuesAsync(
        ColumnQuery query,
        IReadOnlyList<Column> columns,
        CancellationToken cancellationToken = default
    )
    {
        IReadOnlyList<IReadOnlyList<object?>> values = [];
        await read(
            query.Table.Name,
            reader => values = reader.InOneState(() => reader.Columns.Values(query, columns, cancellationToken)),
            cancellationToken
        );
        return values;
    }

    /// <inheritdoc/>
    public async ValueTask<long> CountAsync(ColumnTable table, Criterion where, CancellationToken cancellationToken = default)
    {
        var count = 0L;
        await read(
            table.Name,
            reader => count = reader.InOneState(() => reader.Columns.Count(table, where, cancellationToken)),
            cancellationToken
        );
        return count;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ColumnSum>> SumAsync(ColumnSumQuery query, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<ColumnSum> sums = [];
        await read(
            query.Table.Name,
            reader => sums = reader.InOneState(() => reader.Columns.Sum(query, cancellationToken)),
            cancellationToken
        );
        return sums;
    }
}
