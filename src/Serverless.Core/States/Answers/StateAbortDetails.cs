namespace Serverless.Core.States;

/// <summary>Why the caller must stop.</summary>
/// <param name="Reason">The reason, for people.</param>
public sealed record StateAbortDetails(string? Reason) : StateResponseDetails;
