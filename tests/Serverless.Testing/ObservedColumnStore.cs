using Serverless.Storage.Columns;

namespace Serverless.Testing;

/// <summary>Columns as a test's store shows them: with something before each call, and after it.</summary>
/// <param name="inner">The columns.</param>
/// <param name="before">Called before each call; may hold it up, or fail.</param>
/// <param name="after">Called before each answer; may hold it up for ever.</param>
public sealed class ObservedColumnStore(IColumnStore inner, Func<ValueTask> before, Func<ValueTask>? after = null) : IColumnStore
{
    /// <summary>Says of each row whether it is to be shown as damaged; null for none.</summary>
    public Func<ColumnTable, ColumnHit, bool>? IsDamaged { get; init; }

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(ColumnQuery query, Func<ColumnHit, bool> found, CancellationToken cancellationToken = default) =>
        CallAsync(() =>
            inner.ReadAsync(
                query,
                hit => found(IsDamaged?.Invoke(query.Table, hit) == true ? hit with { Row = null } : hit),
                cancellationToken
            )
        );

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<IReadOnlyList<object?>>> ValuesAsync(
        ColumnQuery query,
        IReadOnlyList<Column> columns,
        CancellationToken cancellationToken = default
    ) => CallAsync(() => inner.ValuesAsync(query, columns, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<long> CountAsync(ColumnTable table, Criterion where, CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.CountAsync(table, where, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ColumnSum>> SumAsync(ColumnSumQuery query, CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.SumAsync(query, cancellationToken));

    private async ValueTask<T> CallAsync<T>(Func<ValueTask<T>> call)
    {
        await before();
        var answer = await call();
        if (after is not null)
        {
            await after();
        }

        return answer;
    }
}
