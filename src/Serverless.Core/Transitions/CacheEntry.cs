namespace Serverless.Core.Transitions;

/// <summary>Under which key a completed state is to be found again.</summary>
/// <param name="Key">The key.</param>
/// <param name="Expiration">Until when (UTC); null for ever.</param>
public sealed record CacheEntry(string Key, DateTimeOffset? Expiration);
