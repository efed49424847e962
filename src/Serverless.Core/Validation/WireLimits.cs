namespace Serverless.Core.Validation;

/// <summary>Bounds that several requests have in common.</summary>
public static class WireLimits
{
    /// <summary>Tags of one thing.</summary>
    public const int Tags = 250;

    /// <summary>Concurrency limits of which one request takes or releases slots.</summary>
    public const int LimitsAtOnce = 250;

    /// <summary>Characters of a cache key.</summary>
    public const int CacheKey = 2000;

    /// <summary>Seconds of a lease, at least and at most.</summary>
    public const int ShortestLease = 60;

    /// <inheritdoc cref="ShortestLease"/>
    public const int LongestLease = 86_400;
}
