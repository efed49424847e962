using System.Runtime.CompilerServices;
using Serverless.Storage.Columns;

namespace Serverless.Server.Queries;

/// <summary>Queries over columns as streams.</summary>
internal static class ColumnScans
{
    private const int PageSize = 128;

    /// <summary>Reads all hits, page by page, each page after the last hit of the one before, as long as the caller asks for more.</summary>
    public static async IAsyncEnumerable<ColumnHit> StreamAsync(
        this IColumnStore columns,
        ColumnTable table,
        Criterion where,
        ColumnOrder order,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var rest = where;
        List<ColumnHit> page = [];
        do
        {
            page.Clear();
            await columns.ReadAsync(new ColumnQuery(table, rest, order, 0, PageSize), page.Add, cancellationToken);
            foreach (var hit in page)
            {
                yield return hit;
            }

            rest = page is [.., var last] ? where.And(order.After(last)) : where;
        } while (page.Count == PageSize);
    }
}
