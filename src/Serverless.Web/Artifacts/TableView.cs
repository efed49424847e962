using Serverless.Web.Shared;

namespace Serverless.Web.Artifacts;

/// <summary>A part of an artifact's table, as the page shows it.</summary>
/// <param name="Table">The rows that are shown.</param>
/// <param name="Total">How many rows there are.</param>
/// <param name="Sorted">The address with the rows in the order of a column.</param>
/// <param name="Download">Where the table is to be had as CSV.</param>
/// <param name="Pager">Which rows are shown.</param>
public sealed record TableView(TableModel Table, int Total, Func<string, string> Sorted, string Download, PagerModel Pager)
{
    /// <summary>The most rows at once.</summary>
    public const int PageSize = 100;
}
