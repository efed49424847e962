using Serverless.Core.Models;
using Serverless.Web.Shared;

namespace Serverless.Web.DataAssets;

/// <summary>What the page of an asset shows.</summary>
/// <param name="Asset">The asset.</param>
/// <param name="Latest">Its latest materialization with all that is told of it; null when there is none.</param>
/// <param name="Downstream">Assets that were made from it.</param>
/// <param name="HasMoreDownstream">Whether there may be more of them.</param>
/// <param name="Made">Its materializations.</param>
/// <param name="Pager">Which of them are shown.</param>
public sealed record DataAssetModel(
    Asset Asset,
    AssetMaterialization? Latest,
    IReadOnlyList<Asset> Downstream,
    bool HasMoreDownstream,
    IReadOnlyList<MadeRow> Made,
    PagerModel Pager
);
