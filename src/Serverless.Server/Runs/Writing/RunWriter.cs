using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Outbox;
using Serverless.Server.Telemetry;
using Serverless.Storage;

namespace Serverless.Server.Runs.Writing;

/// <summary>
/// Composes and makes every commit that changes a run. What belongs to a commit is added by the effects, in the order in which they stand here.
/// A commit fails as a whole when the run, or what the change requires, is not as it was.
/// </summary>
internal sealed class RunWriter(IRowStore store, IOutboxAnnouncer announcer, RunTelemetry telemetry)
{
    private static readonly PermitEffect s_permits = new();
    private static readonly ListsEffect s_lists = new();
    private static readonly SlotEffect s_slots = new();
    private static readonly FurtherRowsEffect s_further = new();

    private static readonly IRunEffect<FlowRunChange>[] s_ofFlowRuns = [new FlowRunRowEffect(), s_permits, s_lists, s_slots, s_further, new OutboxEffect()];
    private static readonly IRunEffect<TaskRunChange>[] s_ofTaskRuns = [new TaskRunRowEffect(), s_permits, s_lists, s_slots, s_further];

    /// <summary>Writes a change; false when the run is not as it was.</summary>
    /// <returns>The run as it is now; null for one that was deleted.</returns>
    public async ValueTask<(bool Succeeded, StoredFlowRun? After)> TryWriteAsync(FlowRunChange change, CancellationToken cancellationToken)
    {
        if (change is { After: { } run, Written: [.., { } last] })
        {
            FlowRun? left = change.Before?.Run;
            RunHistory history = (change.Before?.History ?? RunHistory.None)
                .With(left?.State, change.Written, out IReadOnlyList<State> moved)
                .WithResult(left?.StateType, last.Type, change.ResultJson);
            change = change with { After = run with { History = history, Trace = run.Trace?.After(run.Run) }, Moved = moved };
        }

        RowCommit commit = new();
        foreach (IRunEffect<FlowRunChange> effect in s_ofFlowRuns)
        {
            effect.AddTo(commit, change);
        }

        CommitResult result = await store.CommitAsync(commit, cancellationToken);
        if (!result.Succeeded)
        {
            return (false, null);
        }

        telemetry.Written(change);
        foreach (OutboxEntry entry in change.Entries)
        {
            announcer.Announce(entry);
        }

        return (true, change.After is { } after ? after with { ETag = result.ETags[0]! } : null);
    }

    /// <summary>Writes a change; null when the task run, or the permit to begin it, is not as it was.</summary>
    public async ValueTask<TaskRunAttempt?> TryWriteAsync(TaskRunChange change, CancellationToken cancellationToken)
    {
        if (change.Written is [.., { } last])
        {
            TaskRun? left = change.Before?.TaskRun;
            RunHistory history = (change.Before?.History ?? RunHistory.None)
                .With(left?.State, change.Written, out IReadOnlyList<State> moved)
                .WithResult(left?.StateType, last.Type, change.ResultJson);
            change = change with { After = change.After with { History = history }, Moved = moved };
        }

        RowCommit commit = new();
        foreach (IRunEffect<TaskRunChange> effect in s_ofTaskRuns)
        {
            effect.AddTo(commit, change);
        }

        CommitResult result = await store.CommitAsync(commit, cancellationToken);
        if (!result.Succeeded)
        {
            return null;
        }

        telemetry.Written(change);
        return change.After with { ETag = result.ETags[0]! };
    }
}
