using Serverless.Core.States;

namespace Serverless.Core.Transitions;

/// <summary>A completed state that was stored under a cache key.</summary>
/// <param name="State">The state.</param>
/// <param name="Expiration">Until when it may be used (UTC); null for ever.</param>
public sealed record CachedTaskState(State State, DateTimeOffset? Expiration);
