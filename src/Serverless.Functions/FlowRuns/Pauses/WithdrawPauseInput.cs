namespace Serverless.Functions.FlowRuns;

/// <summary>Input of <see cref="WithdrawPause"/>.</summary>
/// <param name="Start">The orchestration that asks; one that was replaced resumes nothing.</param>
/// <param name="RunCount">The run's count in the attempt that asks.</param>
/// <param name="Key">The pause's key: a pause of somebody else's is left alone.</param>
public sealed record WithdrawPauseInput(FlowRunStart Start, int RunCount, string Key);
