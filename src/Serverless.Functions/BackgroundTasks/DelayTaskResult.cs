namespace Serverless.Functions.BackgroundTasks;

/// <summary>Answer of <see cref="DelayTask"/>.</summary>
/// <param name="TaskRunId">The task run; empty if there is none.</param>
/// <param name="Refusal">Why there is none; null if there is one.</param>
public sealed record DelayTaskResult(Guid TaskRunId, string? Refusal = null);
