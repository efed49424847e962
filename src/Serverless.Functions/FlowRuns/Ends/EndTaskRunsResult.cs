namespace Serverless.Functions.FlowRuns;

/// <summary>What one step of ending task runs came to.</summary>
/// <param name="Ended">How many task runs it ended.</param>
/// <param name="Next">Where the next step continues; null if this was the last.</param>
public sealed record EndTaskRunsResult(int Ended, Guid? Next = null);
