using Serverless.Core.Models;
using Serverless.Web.Shared;

namespace Serverless.Web.DataAssets;

/// <summary>What the list of assets shows.</summary>
/// <param name="Assets">The assets.</param>
/// <param name="Text">A part of the key; null for all.</param>
/// <param name="Total">How many match.</param>
/// <param name="Pager">Which of them are shown.</param>
public sealed record DataAssetsModel(IReadOnlyList<Asset> Assets, string? Text, int Total, PagerModel Pager);
