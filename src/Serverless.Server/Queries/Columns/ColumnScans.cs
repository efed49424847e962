using System.Runtime.CompilerServices;
using Serverless.Storage;
using Serverless.Storage.Columns;

namespace Serverless.Server.Queries;

/// <summary>Queries over columns as streams.</summary>
internal static class ColumnScans
{
    private const int PageSize = 128;

    /// <summary>A page of a stream ends early when its rows grow large: they are held together.</summary>
    private const long PageBytes = 4 * 1024 * 1024;

    /// <summary>Reads a page.</summary>
    /// <param name="columns">The store.</param>
    /// <param name="table">The table.</param>
    /// <param name="where">What the items match.</param>
    /// <param name="order">Their order.</param>
    /// <param name="page">The page.</param>
    /// <param name="read">Reads a row; null for one that is not to be shown.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PageTooLargeException">The rows are too large together.</exception>
    /// <exception cref="OverloadedException">Other requests hold too much memory.</exception>
    public static Task<IReadOnlyList<T>> PageAsync<T>(
        this IColumnStore columns,
        ColumnTable table,
        Criterion where,
        ColumnOrder order,
        Page page,
        Func<Row, T?> read,
        CancellationToken cancellationToken
    )
        where T : class => columns.PageAsync(table, [where], order, page, read, cancellationToken);

    /// <summary>The same, of a list that consists of parts, one after the other. The offset is that in the first one.</summary>
    public static async Task<IReadOnlyList<T>> PageAsync<T>(
        this IColumnStore columns,
        ColumnTable table,
        IReadOnlyList<Criterion> parts,
        ColumnOrder order,
        Page page,
        Func<Row, T?> read,
        CancellationToken cancellationToken
    )
        where T : class
    {
        PageItems<T> items = new();
        var offset = page.Offset;
        foreach (var part in parts)
        {
            while (page.Limit - items.Items.Count is > 0 and var missing)
            {
                var found = await columns.ReadAsync(new ColumnQuery(table, part, order, offset, missing), Add, cancellationToken);
                if (found < missing)
                {
                    break;
                }

                // A damaged row is not listed; the ones after it take its place.
                offset += found;
            }

            offset = 0;
        }

        return items.Items;

        bool Add(ColumnHit hit)
        {
            if (hit.Row is { } row && read(row) is { } item)
            {
                items.Add(item);
            }

            return true;
        }
    }

    /// <summary>Reads all hits, each page after the last hit of the one before, as long as the caller asks for more.</summary>
    public static IAsyncEnumerable<ColumnHit> StreamAsync(
        this IColumnStore columns,
        ColumnTable table,
        Criterion where,
        ColumnOrder order,
        CancellationToken cancellationToken
    ) => columns.StreamAsync(new ColumnQuery(table, where, order, 0, PageSize), cancellationToken);

    /// <summary>The same, in pages of a query, of which the first one begins at its offset.</summary>
    public static async IAsyncEnumerable<ColumnHit> StreamAsync(
        this IColumnStore columns,
        ColumnQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var next = query;
        List<ColumnHit> page = [];
        bool isWhole;
        do
        {
            page.Clear();
            isWhole = true;
            long bytes = 0;
            await columns.ReadAsync(next, Add, cancellationToken);
            foreach (var hit in page)
            {
                yield return hit;
            }

            next = page is [.., var last] ? query with { Where = query.Where.And(query.Order.After(last)), Offset = 0 } : next;

            bool Add(ColumnHit hit)
            {
                page.Add(hit);
                bytes += hit.Row is { } row ? BytesOf(row) : 0;
                isWhole = bytes <= PageBytes;
                return isWhole;
            }
        } while (page.Count == query.Limit || !isWhole);
    }

    /// <summary>The bytes of a row's documents, which are what may be large.</summary>
    private static long BytesOf(Row row)
    {
        long bytes = 0;
        foreach (var (_, value) in row.Properties)
        {
            bytes += value is byte[] document ? document.Length : 0;
        }

        return bytes;
    }
}
