namespace Serverless.Flows;

/// <summary>The task run that a hook is called for.</summary>
/// <param name="TaskRunId">The run's id.</param>
/// <param name="TaskRunName">The run's name.</param>
/// <param name="TaskName">The task's name.</param>
/// <param name="RunCount">How often the run entered Running; 1 after the first attempt.</param>
public sealed record TaskRunInfo(Guid TaskRunId, string TaskRunName, string TaskName, int RunCount);
