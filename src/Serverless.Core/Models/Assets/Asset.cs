using System.Text.Json.Serialization;

namespace Serverless.Core.Models;

/// <summary>Something outside that runs make or use, as a file or a table.</summary>
public sealed record Asset
{
    /// <summary>The URI that names it.</summary>
    public required string Key { get; init; }

    /// <summary>What people want to know of it; null when no event has said it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AssetProperties? Properties { get; init; }

    /// <summary>When the latest event about it happened (UTC).</summary>
    public required DateTimeOffset LastSeen { get; init; }

    /// <summary>How many materializations were recorded. Only the newest of them are kept.</summary>
    public long MaterializationCount { get; init; }

    /// <summary>The latest materialization, without its metadata; null for an asset that was only referenced.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AssetMaterialization? LatestMaterialization { get; init; }
}
