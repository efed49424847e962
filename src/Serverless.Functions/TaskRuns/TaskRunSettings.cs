using Serverless.Core.Ids;
using Serverless.Flows;
using Serverless.Flows.Hosting;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;

namespace Serverless.Functions.TaskRuns;

/// <summary>What all task runs of one call (or one map) share.</summary>
/// <param name="FlowRunId">The flow run that they belong to; empty for a background task run.</param>
/// <param name="Generation">The flow run's generation; the gate refuses attempts of an orchestration that was replaced.</param>
/// <param name="RunCount">The flow run's count in the attempt that calls: the gate refuses those of an earlier one, delivered late.</param>
/// <param name="TaskKey">The task's key in the registry.</param>
/// <param name="Retry">This call's retries in place of the task's own; null keeps the task's.</param>
/// <param name="Timeout">This call's time limit of an attempt in place of the task's own; null keeps the task's.</param>
/// <param name="Batch">For the task runs of a batch: what its instance id has after <see cref="OutboxEntry.InstancePrefixOf"/>.</param>
public sealed record TaskRunSettings(
    Guid FlowRunId,
    int Generation,
    int RunCount,
    string TaskKey,
    RunRetryPolicy? Retry = null,
    TimeSpan? Timeout = null,
    string? Batch = null
)
{
    /// <summary>Tags of the runs beside those of the task; null for none.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>How the call is cached; null for what the task declares.</summary>
    public CallCaching? Caching { get; init; }

    /// <summary>What becomes of the values where the task does not say it; null for what is usual.</summary>
    public CallResults? Results { get; init; }

    /// <summary>The background task run, which is the only one then; null for task runs of a flow run.</summary>
    public BackgroundTaskRunKey? Background { get; init; }

    /// <summary>The orchestration that calls the tasks.</summary>
    internal string Instance =>
        Background is { } background ? OutboxEntry.BackgroundInstanceIdOf(background.TaskRunId)
        : Batch is null ? OutboxEntry.InstanceIdOf(FlowRunId, Generation)
        : OutboxEntry.InstancePrefixOf(FlowRunId) + Batch;

    /// <summary>What a cancellation finds the attempts by: the flow run, or the background task run.</summary>
    internal Guid Owner => Background?.TaskRunId ?? FlowRunId;

    /// <summary>What everything rests on that is proposed for the task runs.</summary>
    internal FlowRunBasis Basis => FlowRunBasis.Attempt(Generation, RunCount);

    /// <summary>The id of a task run of the call.</summary>
    internal Guid TaskRunIdOf(TaskRunItem item) => Background?.TaskRunId ?? StableIds.TaskRun(FlowRunId, TaskKey, item.DynamicKey);
}
