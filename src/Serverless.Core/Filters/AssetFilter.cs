namespace Serverless.Core.Filters;

/// <summary>Which assets.</summary>
public sealed record AssetFilter
{
    /// <summary>By key; null for all.</summary>
    public AssetKeyFilter? Key { get; init; }

    /// <summary>Whether an asset with a key matches.</summary>
    public bool Matches(string key) => Key?.Matches(key) ?? true;
}
