namespace Serverless.Flows.Hosting;

/// <summary>A flow's wish to receive an input.</summary>
/// <param name="Number">The number of the wish in the run's attempt, from 0. An input taken under it before is given again.</param>
/// <param name="KeyPrefix">What the input's key begins with.</param>
/// <param name="Timeout">How long to wait at most.</param>
public sealed record InputRequest(int Number, string KeyPrefix, TimeSpan Timeout);
