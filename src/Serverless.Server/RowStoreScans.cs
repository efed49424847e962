using System.Runtime.CompilerServices;
using Serverless.Storage;

namespace Serverless.Server;

/// <summary>Ranges as streams of rows.</summary>
internal static class RowStoreScans
{
    /// <summary>Reads a range page by page, as long as the caller asks for more.</summary>
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
            var page = await store.QueryAsync(range, pageSize, continuation, cancellationToken);
            foreach (var row in page.Rows)
            {
                yield return row;
            }

            continuation = page.Continuation;
        } while (continuation is not null);
    }

    /// <summary>Reads several ranges as one, in the order of the row keys.</summary>
    public static async IAsyncEnumerable<Row> MergeAsync(
        this IRowStore store,
        IEnumerable<RowRange> ranges,
        int pageSize = 64,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        List<IAsyncEnumerator<Row>> streams =
        [
            .. ranges.Select(range => store.ScanAsync(range, pageSize, cancellationToken).GetAsyncEnumerator(cancellationToken)),
        ];
        try
        {
            PriorityQueue<IAsyncEnumerator<Row>, string> heads = new(StringComparer.Ordinal);
            var any = await Task.WhenAll(streams.Select(stream => stream.MoveNextAsync().AsTask()));
            foreach (var stream in streams.Where((_, index) => any[index]))
            {
                heads.Enqueue(stream, stream.Current.RowKey);
            }

            while (heads.TryDequeue(out var first, out _))
            {
                yield return first.Current;
                if (await first.MoveNextAsync())
                {
                    heads.Enqueue(first, first.Current.RowKey);
                }
            }
        }
        finally
        {
            foreach (var stream in streams)
            {
                await stream.DisposeAsync();
            }
        }
    }
}
