using System.Runtime.CompilerServices;
using Serverless.Storage;

namespace Serverless.Server;

/// <summary>Ranges as streams of rows.</summary>
internal static class RowStoreScans
{
    /// <summary>Reads a range page by page, as far as the caller goes on.</summary>
    public static async IAsyncEnumerable<Row> ScanAsync(
        this IRowStore store, RowRange range, int pageSize = 256, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? continuation = null;
        do
        {
            RowPage page = await store.QueryAsync(range, pageSize, continuation, cancellationToken);
            foreach (Row row in page.Rows)
            {
                yield return row;
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
    }
}
