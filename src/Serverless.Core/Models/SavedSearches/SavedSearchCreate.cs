namespace Serverless.Core.Models;

/// <summary>
/// Body of <c>PUT /saved_searches/</c>: creates the saved search of a name, or replaces the filters of the one that there is.
/// </summary>
public sealed record SavedSearchCreate
{
    /// <summary>The unique name.</summary>
    public required string Name { get; init; }

    /// <summary>The filters; null for none.</summary>
    public IReadOnlyList<SavedSearchFilter> Filters
    {
        get;
        init => field = value ?? [];
    } = [];
}
