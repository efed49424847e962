namespace Serverless.Core.States;

/// <summary>When to propose the state again.</summary>
/// <param name="DelaySeconds">Seconds from now.</param>
/// <param name="Reason">The reason, for people.</param>
public sealed record StateWaitDetails(int DelaySeconds, string? Reason) : StateResponseDetails;
