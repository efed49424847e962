using System.Runtime.CompilerServices;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Server.Queries;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.SavedSearches;

/// <summary>Saved searches: filters with unique names.</summary>
public sealed class SavedSearchService(IRowStore store, TimeProvider time, IIdGenerator ids, CommitRetry retry)
{
    private static readonly Comparer<SavedSearch> ByName = Comparer<SavedSearch>.Create(
        (one, other) => string.CompareOrdinal(one.Name, other.Name)
    );

    private readonly NamedRows<SavedSearch> _rows = SavedSearchKeys.Rows(store, retry);

    /// <summary>Creates the saved search of a name, or replaces the filters of the one that there is.</summary>
    public Task<SavedSearchSaved> SaveAsync(SavedSearchCreate request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return retry.RunAsync<SavedSearchSaved>(
            async token =>
            {
                var now = WireClock.Now(time);
                if (await _rows.FindAsync(request.Name, token) is { } stored)
                {
                    var changed = stored.Value with { Filters = request.Filters, Updated = now };
                    return (await store.CommitAsync(_rows.Replace(stored, changed), token)).Succeeded
                        ? new SavedSearchSaved(changed, Created: false)
                        : default(TryResult<SavedSearchSaved>);
                }

                SavedSearch created = new()
                {
                    Id = ids.NewId(),
                    Created = now,
                    Updated = now,
                    Name = request.Name,
                    Filters = request.Filters,
                };
                return (await store.CommitAsync(_rows.Insert(created), token)).Succeeded
                    ? new SavedSearchSaved(created, Created: true)
                    : default(TryResult<SavedSearchSaved>);
            },
            cancellationToken
        );
    }

    /// <summary>A saved search; null when there is none.</summary>
    public async Task<SavedSearch?> GetAsync(Guid id, CancellationToken cancellationToken = default) =>
        (await _rows.FindAsync(id, cancellationToken))?.Value;

    /// <summary>Deletes a saved search; false when there is none.</summary>
    public Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken = default) =>
        retry.RunAsync<bool>(
            async token =>
                await _rows.FindAsync(id, token) is not { } stored ? false
                : (await store.CommitAsync(_rows.Delete(stored), token)).Succeeded ? true
                : default(TryResult<bool>),
            cancellationToken
        );

    /// <summary>The saved searches of a page, in the order of their names.</summary>
    internal Task<IReadOnlyList<SavedSearch>> ListAsync(Page page, CancellationToken cancellationToken) =>
        page.SortAsync(AllAsync(cancellationToken), ByName);

    private async IAsyncEnumerable<SavedSearch> AllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in store.ScanAsync(_rows.Names, cancellationToken: cancellationToken))
        {
            yield return NamedRows<SavedSearch>.Read(row).Value;
        }
    }
}
