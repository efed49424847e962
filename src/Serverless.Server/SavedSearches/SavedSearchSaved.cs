using Serverless.Core.Models;

namespace Serverless.Server.SavedSearches;

/// <summary>What became of a saved search.</summary>
/// <param name="Search">The saved search.</param>
/// <param name="Created">Whether it is new.</param>
public sealed record SavedSearchSaved(SavedSearch Search, bool Created);
