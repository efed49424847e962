using System.Runtime.CompilerServices;
using Serverless.Server.Queries;
using Serverless.Storage;

namespace Serverless.Server;

/// <summary>Ranges as streams of rows.</summary>
internal static class RowStoreScans
{
    /// <summary>Reads a range page by page, as long as the caller asks for more.</summary>
    /// <exception cref="QuestionTooLargeException">The request reads more than one may.</exception>
    public static async IAsyncEnumerable<Row> ScanAsync(
        this IRowStore store,
        RowRange range,
        int pageSize = 256,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        string? continuation = null;
        do
        {
            var after = continuation;
            var page = await ReadBudget.TakeAsync(token => store.QueryAsync(range, pageSize, after, token), cancellationToken);
            foreach (var row in page.Rows)
            {
                yield return row;
            }

            continuation = page.Continuation;
        } while (continuation is not null);
    }

    /// <summary>Reads several ranges as one, in the order of the row keys.</summary>
    public static IAsyncEnumerable<Row> MergeAsync(
        this IRowStore store,
        IEnumerable<RowRange> ranges,
        int pageSize = 64,
        CancellationToken cancellationToken = default
    ) => store.MergeAsync(ranges.Select(range => (range, 0)), pageSize, cancellationToken).Select(found => found.Row);

    /// <summary>Reads several ranges as one, in the order of the row keys without their first so many characters.</summary>
    public static async IAsyncEnumerable<(Row Row, int Skipped)> MergeAsync(
        this IRowStore store,
        IEnumerable<(RowRange Range, int Skipped)> ranges,
        int pageSize,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        List<(IAsyncEnumerator<Row> Rows, int Skipped)> streams =
        [
            .. ranges.Select(part =>
                (store.ScanAsync(part.Range, pageSize, cancellationToken).GetAsyncEnumerator(cancellationToken), part.Skipped)
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
