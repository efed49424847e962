using Serverless.Server.Outbox;
using Serverless.Server.Telemetry;
using Serverless.Storage;

namespace Serverless.Server.Runs.Writing;

/// <summary>
/// Composes and makes every commit that changes a run. What belongs to a commit is added by the effects, in the order in which they stand
/// here. A commit fails as a whole when the run, or what the change requires, is not as it was.
/// </summary>
internal sealed class RunWriter(IRowStore store, IOutboxAnnouncer announcer, RunTelemetry telemetry)
{
    private static readonly PermitEffect Permits = new();
    private static readonly ListsEffect Lists = new();
    private static readonly SlotEffect Slots = new();
    private static readonly FurtherRowsEffect Further = new();

    private static readonly IRunEffect<FlowRunChange>[] OfFlowRuns =
    [
        new FlowRunRowEffect(),
        Permits,
        Lists,
        Slots,
        Further,
        new OutboxEffect(),
    ];
    private static readonly IRunEffect<TaskRunChange>[] OfTaskRuns = [new TaskRunRowEffect(), Permits, Lists, Slots, Further];

    /// <summary>Writes a change; false when the run is not as it was.</summary>
    /// <returns>The run as it is now; null for one that was deleted.</returns>
    public async ValueTask<(bool Succeeded, StoredFlowRun? After)> TryWriteAsync(FlowRunChange change, CancellationToken cancellationToken)
    {
        if (change is { After: { } run, Written: [.., { } last] })
        {
            var left = change.Before?.Run;
            var history = (change.Before?.History ?? RunHistory.None)
                .With(left?.State, change.Written, out var moved)
                .WithResult(left?.StateType, last.Type, change.ResultJson);
            change = change with { After = run with { History = history, Trace = run.Trace?.After(run.Run) }, Moved = moved };
        }

        RowCommit commit = new();
        foreach (var effect in OfFlowRuns)
        {
            effect.AddTo(commit, change);
        }

        var result = await store.CommitAsync(commit, cancellationToken);
        if (!result.Succeeded)
        {
            return (false, null);
        }

        telemetry.Written(change);
        foreach (var entry in change.Entries)
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
            var left = change.Before?.TaskRun;
            var history = (change.Before?.History ?? RunHistory.None)
                .With(left?.State, change.Written, out var moved)
                .WithResult(left?.StateType, last.Type, change.ResultJson);
            change = change with { After = change.After with { History = history }, Moved = moved };
        }

        RowCommit commit = new();
        foreach (var effect in OfTaskRuns)
        {
            effect.AddTo(commit, change);
        }

        var result = await store.CommitAsync(commit, cancellationToken);
        if (!result.Succeeded)
        {
            return null;
        }

        telemetry.Written(change);
        return change.After with { ETag = result.ETags[0]! };
    }
}
