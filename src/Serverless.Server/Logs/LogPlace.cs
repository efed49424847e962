using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Logs;

/// <summary>What a line goes with: a flow run and its task runs; a task run that names no flow run; or nothing.</summary>
/// <param name="FlowRunId">The flow run; null for none.</param>
/// <param name="TaskRunId">The task run, where there is no flow run; null for none.</param>
internal sealed record LogPlace(Guid? FlowRunId, Guid? TaskRunId)
{
    /// <summary>The place of the lines that name no run.</summary>
    public static LogPlace None { get; } = new(null, null);

    /// <summary>The place of a line that names these; an empty id stands for none.</summary>
    public static LogPlace Of(Guid? flowRunId, Guid? taskRunId) =>
        IdOf(flowRunId) is { } flowRun ? new(flowRun, null) : new(null, IdOf(taskRunId));

    /// <summary>
    /// True when the run was deleted: its lines would outlive everything that is known of it. A client's task run may come later than its
    /// lines: one that was never there is not gone.
    /// </summary>
    public async ValueTask<bool> IsGoneAsync(IRowStore store, CancellationToken cancellationToken)
    {
        if (FlowRunId is { } flowRunId)
        {
            return await store.GetAsync(RunKeys.FlowRun(flowRunId), cancellationToken) is not { } row || StoredFlowRun.IsTombstone(row);
        }

        return TaskRunId is { } taskRunId
            && await store.GetAsync(RunKeys.TaskRunOwner(taskRunId), cancellationToken) is { } owner
            && await store.GetAsync(RunKeys.TaskRun(RunReader.HomeOf(owner), taskRunId), cancellationToken) is null;
    }

    private static Guid? IdOf(Guid? id) => id == Guid.Empty ? null : id;
}
