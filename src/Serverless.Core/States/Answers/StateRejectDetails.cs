namespace Serverless.Core.States;

/// <summary>Why the state was refused.</summary>
/// <param name="Reason">The reason, for people.</param>
public sealed record StateRejectDetails(string? Reason) : StateResponseDetails;
