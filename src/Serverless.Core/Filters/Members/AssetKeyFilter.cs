namespace Serverless.Core.Filters;

/// <summary>Which keys of assets: those that match both members.</summary>
public sealed record AssetKeyFilter
{
    /// <summary>Beginnings, of which a key needs one; null for any.</summary>
    public IReadOnlyList<string>? Prefix { get; init; }

    /// <summary>Parts, of which a key needs one, in whatever case; null for any.</summary>
    public IReadOnlyList<string>? Search { get; init; }

    /// <summary>Whether a key matches.</summary>
    public bool Matches(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Prefix?.Any(each => key.StartsWith(each, StringComparison.Ordinal)) != false
            && Search?.Any(each => key.Contains(each, StringComparison.OrdinalIgnoreCase)) != false;
    }
}
