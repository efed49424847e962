namespace Serverless.Flows.Hosting;

/// <summary>The answer to a <see cref="SlotRequest"/>.</summary>
/// <param name="Known">The names of the limits that there are.</param>
/// <param name="LeaseId">The lease by which the slots are held; null without one.</param>
/// <param name="RetryAfter">When to ask again; null when the slots were taken.</param>
public sealed record SlotGrant(IReadOnlyList<string> Known, Guid? LeaseId, TimeSpan? RetryAfter);
