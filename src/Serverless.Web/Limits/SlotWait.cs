namespace Serverless.Web.Limits;

/// <summary>A limit that a run waits for.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Before">How many wait before it; null when it does not stand in the queue, as the runs of other clients.</param>
/// <param name="IsMore">Whether more may wait before it than were looked at.</param>
public sealed record SlotWait(LimitRow Limit, int? Before, bool IsMore);
