using System.Runtime.CompilerServices;
using Serverless.Server.Queries;
using Serverless.Storage;

namespace Serverless.Server;

/// <summary>Ranges as streams of rows.</summary>
internal static class RowStoreScans
{
    /// <summary>How many times the rows of the page before a page has, where pages grow.</summary>
    private const int Growth = 4;

    /// <summary>Reads a range page by page, as long as the caller asks for more.</summary>
    /// <exception cref="QuestionTooLargeException">The request reads more than one may.</exception>
    public static IAsyncEnumerable<Row> ScanAsync(
        this IRowStore store,
        RowRange range,
        int pageSize = 256,
        CancellationToken cancellationToken = default
    ) => store.ScanAsync(range, pageSize, pageSize, cancellationToken);

    /// <inheritdoc cref="ScanAsync(IRowStore, RowRange, int, CancellationToken)"/>
    /// <param name="store">The store.</param>
    /// <param name="range">The range.</param>
    /// <param name="pageSize">Most rows of the first page.</param>
    /// <param name="mostOnPage">How large the pages after it grow.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async IAsyncEnumerable<Row> ScanAsync(
        this IRowStore store,
        RowRange range,
        int pageSize,
        int mostOnPage,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        string? continuation = null;
        for (var rows = pageSize; ; rows = Math.Min(rows * Growth, mostOnPage))
        {
            var after = continuation;
            var page = await ReadBudget.TakeAsync(token => store.QueryAsync(range, rows, after, token), cancellationToken);
            foreach (var row in page.Rows)
            {
                yield return row;
            }

            continuation = page.Continuation;
            if (continuation is null)
            {
                yield break;
            }
        }
    }

    /// <summary>Reads several ranges as one, in the order of the row keys.</summary>
    public static IAsyncEnumerable<Row> MergeAsync(
        this IRowStore store,
        IEnumerable<RowRange> ranges,
        int pageSize = 64,
        CancellationToken cancellationToken = default
    ) => store.MergeAsync(ranges.Select(range => (range, 0)), pageSize, pageSize, cancellationToken).Select(found => found.Row);

    /// <summary>Reads several ranges as one, in the order of the row keys without their first so many characters.</summary>
    public static async IAsyncEnumerable<(Row Row, int Skipped)> MergeAsync(
        this IRowStore store,
        IEnumerable<(RowRange Range, int Skipped)> ranges,
        int pageSize,
        int mostOnPage,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        List<(IAsyncEnumerator<Row> Rows, int Skipped)> streams =
        [
            .. ranges.Select(part =>
                (store.ScanAsync(part.Range, pageSize, mostOnPage, cancellationToken).GetAsyncEnumerator(cancellationToken), part.Skipped)
            ),
        ];
        try
        {
            PriorityQueue<(IAsyncEnumerator<Row> Rows, int Skipped), string> heads = new(StringComparer.Ordinal);
            var any = await Task.WhenAll(streams.Select(stream => stream.Rows.MoveNextAsync().AsTask()));
            foreach (var stream in streams.Where((_, index) => any[index]))
            {
                heads.Enqueue(stream, stream.Rows.Current.RowKey[stream.Skipped..]);
            }

            while (heads.TryDequeue(out var first, out _))
            {
                yield return (first.Rows.Current, first.Skipped);
                if (await first.Rows.MoveNextAsync())
                {
                    heads.Enqueue(first, first.Rows.Current.RowKey[first.Skipped..]);
                }
            }
        }
        finally
        {
            foreach (var stream in streams)
            {
                await stream.Rows.DisposeAsync();
            }
        }
    }
}
