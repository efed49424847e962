using Serverless.Storage.Columns;

namespace Serverless.Flows.Testing.Processes;

/// <summary>The columns as a process of a test sees them.</summary>
internal sealed class ProcessColumns(ProcessStore process, IColumnStore columns) : IColumnStore
{
    public async ValueTask<int> ReadAsync(ColumnQuery query, Func<ColumnHit, bool> found, CancellationToken cancellationToken = default) =>
        await process.AliveAsync(await columns.ReadAsync(query, found, cancellationToken));

    public async ValueTask<IReadOnlyList<IReadOnlyList<object?>>> ValuesAsync(
        ColumnQuery query,
        IReadOnlyList<Column> wanted,
        CancellationToken cancellationToken = default
    ) => await process.AliveAsync(await columns.ValuesAsync(query, wanted, cancellationToken));

    public async ValueTask<long> CountAsync(ColumnTable table, Criterion where, CancellationToken cancellationToken = default) =>
        await process.AliveAsync(await columns.CountAsync(table, where, cancellationToken));

    public async ValueTask<IReadOnlyList<ColumnSum>> SumAsync(ColumnSumQuery query, CancellationToken cancellationToken = default) =>
        await process.AliveAsync(await columns.SumAsync(query, cancellationToken));
}
