namespace Serverless.Flows.Hosting;

/// <summary>Slots of concurrency limits that a task wants.</summary>
/// <param name="Limits">The names of the limits.</param>
/// <param name="Slots">How many of each.</param>
/// <param name="Lease">
/// For how long they are held unless they are renewed; null for slots of rate limits, which become free by themselves.
/// </param>
public sealed record SlotRequest(IReadOnlyList<string> Limits, int Slots, TimeSpan? Lease);
