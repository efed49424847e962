using Serverless.Storage.Columns;

namespace Serverless.Storage;

/// <summary>
/// The ordered-row store that everything durable of the system lives in: rows of
/// (table, partition key, row key) with typed properties and an ETag. Shaped after Azure Tables,
/// so that both implementations keep the same promises.
/// </summary>
public interface IRowStore
{
    /// <summary>Finds rows by their columns; null for a store that keeps none: then index rows have to tell where rows are.</summary>
    IColumnStore? Columns => null;

    /// <summary>Reads one row; null when it is absent. Sees every commit acknowledged before the call.</summary>
    ValueTask<Row?> GetAsync(RowAddress address, CancellationToken cancellationToken = default);

    /// <summary>Reads a page of a range in key order.</summary>
    /// <param name="range">The range.</param>
    /// <param name="limit">Most rows of the page, 1 to 1,000. A page also ends early when its rows grow large.</param>
    /// <param name="continuation">The token of the page before, or null for the first.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FormatException">The token is not one of this store and range.</exception>
    ValueTask<RowPage> QueryAsync(
        RowRange range,
        int limit = 1000,
        string? continuation = null,
        CancellationToken cancellationToken = default
    );

    /// <summary>
    /// Applies a commit. When it returns success, the commit is durable: it survives the end of the
    /// process and, at full durability, of power. In a scope of <see cref="DeferredCommits"/> that may be so only later. A conflict writes
    /// nothing and is a result, not an exception.
    /// </summary>
    /// <param name="commit">The commit; not to be changed after the call.</param>
    /// <param name="cancellationToken">Ends the wait before the commit was queued; a queued commit runs to its end.</param>
    /// <exception cref="ArgumentException">The commit has no or more than 100 operations (99 with derived rows), writes a row twice, or a
    /// name or key is not one.</exception>
    /// <exception cref="RowStoreUnavailableException">The store cannot take it now; whether it was applied is unknown.</exception>
    ValueTask<CommitResult> CommitAsync(RowCommit commit, CancellationToken cancellationToken = default);

    /// <summary>
    /// Waits until all commits are durable that have been answered so far, those in a scope of <see cref="DeferredCommits"/> included, and
    /// so whatever was read. Completes at once where a commit is durable when it is answered.
    /// </summary>
    /// <param name="cancellationToken">Not heeded by the stores of this project: the wait is short.</param>
    /// <exception cref="RowStoreUnavailableException">The disk failed: what was answered may be lost.</exception>
    ValueTask WhenDurableAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    /// <summary>
    /// Finishes what processes that died left undone: derived rows of their commits, payloads that no row refers to. Bounded
    /// work, to be called every minute or so, by any process. Where a commit is one transaction there is nothing to do.
    /// </summary>
    /// <returns>How many commits were finished.</returns>
    /// <exception cref="RowStoreUnavailableException">The store cannot be reached; the next call continues.</exception>
    ValueTask<int> SweepAsync(CancellationToken cancellationToken = default);
}
