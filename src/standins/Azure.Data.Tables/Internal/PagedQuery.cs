namespace Azure.Data.Tables.Internal;

internal sealed class PagedQuery<T>(Func<string, int?, CancellationToken, Task<Page<T>>> load, int? maxPerPage, CancellationToken cancellationToken)
    : AsyncPageable<T>(cancellationToken)
{
    public override async IAsyncEnumerable<Page<T>> AsPages(string continuationToken = null, int? pageSizeHint = null)
    {
        do
        {
            Page<T> page = await load(continuationToken, pageSizeHint ?? maxPerPage, CancellationToken);
            yield return page;
            continuationToken = page.ContinuationToken;
        }
        while (!string.IsNullOrEmpty(continuationToken));
    }
}
