using Serverless.Core.Models;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.SavedSearches;

/// <summary>Where saved searches are.</summary>
internal static class SavedSearchKeys
{
    public const string Table = "savedsearches";

    public static NamedRows<SavedSearch> Rows(IRowStore store, CommitRetry retry) =>
        new(store, retry, Table, search => (search.Id, search.Name), BoundedKey.From);
}
