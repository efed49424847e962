namespace Serverless.Storage.Columns;

/// <summary>
/// Finds and counts rows by what their columns hold. Sees every commit that was acknowledged before the call, and each call sees one state
/// of the store.
/// </summary>
public interface IColumnStore
{
    /// <summary>Reads rows in the order that is asked for.</summary>
    /// <param name="query">Which.</param>
    /// <param name="found">Takes each hit, and says whether to go on; may throw. It must not use the store.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>How many hits were handed over, those without a row included.</returns>
    /// <exception cref="RowStoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<int> ReadAsync(ColumnQuery query, Func<ColumnHit, bool> found, CancellationToken cancellationToken = default);

    /// <summary>Reads what some columns hold, in the order that is asked for, and no rows.</summary>
    /// <param name="query">Of which keys.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>For each key a value or null for each column.</returns>
    /// <exception cref="RowStoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<IReadOnlyList<IReadOnlyList<object?>>> ValuesAsync(
        ColumnQuery query,
        IReadOnlyList<Column> columns,
        CancellationToken cancellationToken = default
    );

    /// <summary>Counts keys.</summary>
    /// <exception cref="RowStoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<long> CountAsync(ColumnTable table, Criterion where, CancellationToken cancellationToken = default);

    /// <summary>Counts keys, and adds up what they hold, by the values of some columns and by intervals; in any order.</summary>
    /// <exception cref="RowStoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<IReadOnlyList<ColumnSum>> SumAsync(ColumnSumQuery query, CancellationToken cancellationToken = default);
}
