namespace Serverless.Core.Transitions;

/// <summary>A slot of each of some concurrency limits, held by one run.</summary>
/// <param name="Id">The lease. Never used again for another one.</param>
/// <param name="LimitIds">The limits; a slot of each.</param>
/// <param name="Expires">Until when the slots are held unless the lease is renewed (UTC); null: until they are released.</param>
public sealed record SlotLease(Guid Id, IReadOnlyList<Guid> LimitIds, DateTimeOffset? Expires = null);
