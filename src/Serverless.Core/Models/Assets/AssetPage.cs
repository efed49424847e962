namespace Serverless.Core.Models;

/// <summary>A page of assets, in the order of their keys.</summary>
/// <param name="Assets">The page.</param>
/// <param name="Total">How many assets match.</param>
public sealed record AssetPage(IReadOnlyList<Asset> Assets, int Total);
