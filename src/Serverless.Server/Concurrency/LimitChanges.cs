namespace Serverless.Server.Concurrency;

/// <summary>What a request sets of a limit; null for what it leaves.</summary>
/// <param name="Limit">How many slots there are.</param>
/// <param name="Active">Whether it is enforced.</param>
/// <param name="ActiveSlots">How many slots are taken; never fewer than runs and leases hold.</param>
/// <param name="Decay">How many slots become free a second by themselves; 0 for none.</param>
/// <param name="Name">The name.</param>
internal sealed record LimitChanges(
    int? Limit = null,
    bool? Active = null,
    int? ActiveSlots = null,
    double? Decay = null,
    string? Name = null
);
