namespace Serverless.Functions.TaskRuns;

/// <summary>A background task run, by what its row is found with.</summary>
/// <param name="TaskRunId">The task run.</param>
/// <param name="DynamicKey">Tells it from the other background runs of its task.</param>
public sealed record BackgroundTaskRunKey(Guid TaskRunId, string DynamicKey);
