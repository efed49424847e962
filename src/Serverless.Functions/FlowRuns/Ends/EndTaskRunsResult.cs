namespace Serverless.Functions.FlowRuns;

/// <summary>What one step of ending task runs came to.</summary>
/// <param name="Ended">How many task runs it ended.</param>
/// <param name="Next">Where the next step goes on; null when there is none.</param>
public sealed record EndTaskRunsResult(int Ended, Guid? Next = null);
