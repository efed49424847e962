namespace Serverless.Core.States;

/// <summary>The state was written: nothing more to say.</summary>
public sealed record StateAcceptDetails : StateResponseDetails;
