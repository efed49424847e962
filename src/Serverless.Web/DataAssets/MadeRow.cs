using Serverless.Core.Models;

namespace Serverless.Web.DataAssets;

/// <summary>A materialization in a list.</summary>
/// <param name="Made">The materialization.</param>
/// <param name="RunName">The name of its flow run; null when that is gone, or it has none.</param>
/// <param name="TaskName">The name of its task run; null when that is gone, or it has none.</param>
public sealed record MadeRow(AssetMaterialization Made, string? RunName, string? TaskName);
