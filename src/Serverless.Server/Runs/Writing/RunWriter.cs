using Serverless.Server.Events;
using Serverless.Server.Outbox;
using Serverless.Server.Telemetry;
using Serverless.Storage;

namespace Serverless.Server.Runs.Writing;

/// <summary>
/// Composes and makes every commit that changes a run. What belongs to a commit is added by the effects, in the order in which they stand
/// here. A commit fails as a whole when the run, or what the change requires, is not as it was.
/// </summary>
internal sealed class RunWriter
{
    private readonly IRowStore _store;
    private readonly IOutboxAnnouncer _announcer;
    private readonly RunTelemetry _telemetry;
    private readonly EventFeed _events;
    private readonly HookEntries _hooks;
    private readonly RecentFlowRuns _recent;
    private readonly IRunEffect<FlowRunChange>[] _ofFlowRuns;
    private readonly IRunEffect<TaskRunChange>[] _ofTaskRuns;

    public RunWriter(
        IRowStore store,
        IOutboxAnnouncer announcer,
        RunTelemetry telemetry,
        EventFeed events,
        HookEntries hooks,
        RecentFlowRuns recent
    )
    {
        _recent = recent;
        _store = store;
        _announcer = announcer;
        _telemetry = telemetry;
        _events = events;
        _hooks = hooks;
        PermitEffect permits = new();
        ListsEffect lists = new(store.Columns is not null);
        SlotEffect slots = new();
        FurtherRowsEffect further = new();
        OutboxEffect outbox = new();
        _ofFlowRuns = [new FlowRunRowEffect(), permits, lists, slots, further, outbox];
        _ofTaskRuns = [new TaskRunRowEffect(), permits, lists, slots, further, outbox];
    }

    /// <summary>Writes a change; false when the run is not as it was.</summary>
    /// <returns>The run as it is now; null for one that was deleted.</returns>
    public async ValueTask<(bool Succeeded, StoredFlowRun? After)> TryWriteAsync(FlowRunChange change, CancellationToken cancellationToken)
    {
        if (change is { After: { } run, Written.Count: > 0 })
        {
            var history = RunHistory.After(
                change.Before?.History,
                change.Before?.Run.State,
                change.Written,
                change.ResultJson,
                out var moved
            );
            change = _hooks.AddTo(change with { After = run with { History = history, Trace = run.Trace?.After(run.Run) }, Moved = moved });
        }

        if (_store.Columns is null && change is { Before: { } before, After: { } edited })
        {
            change = change with { After = FlowRunLists.Edit(before, edited) };
        }

        using var place = _events.Reserve(change);
        var commit = Compose(_ofFlowRuns, change);
        var result = await _store.CommitAsync(commit, cancellationToken);
        if (!result.Succeeded)
        {
            return (false, null);
        }

        var written = change.After is { } after ? after with { ETag = result.ETags[0]! } : null;
        if (written is not null)
        {
            _recent.Keep(written, commit.Operations[0].Properties!);
        }

        _events.Written(place, change);
        _telemetry.Written(change);
        Announce(change.Entries);
        return (true, written);
    }

    /// <summary>Writes a change; false when the task run, or the permit to begin it, is not as it was.</summary>
    /// <returns>The task run as it is now; null for one that was deleted.</returns>
    public async ValueTask<(bool Succeeded, TaskRunAttempt? After)> TryWriteAsync(TaskRunChange change, CancellationToken cancellationToken)
    {
        if (change is { After: { } run, Written.Count: > 0 })
        {
            var history = RunHistory.After(
                change.Before?.History,
                change.Before?.TaskRun.State,
                change.Written,
                change.ResultJson,
                out var moved
            );
            change = _hooks.AddTo(change with { After = run with { History = history }, Moved = moved });
        }

        using var place = _events.Reserve(change);
        var result = await _store.CommitAsync(Compose(_ofTaskRuns, change), cancellationToken);
        if (!result.Succeeded)
        {
            return (false, null);
        }

        _events.Written(place, change);
        _telemetry.Written(change);
        Announce(change.Entries);
        return (true, change.After is { } after ? after with { ETag = result.ETags[0]! } : null);
    }

    /// <summary>
    /// Writes the row of a run as it is. A commit that is under way and rests on the row fails from now on. False when somebody else has
    /// changed the row.
    /// </summary>
    public async ValueTask<bool> TryFenceAsync(RowAddress address, Row row, CancellationToken cancellationToken)
    {
        RowCommit commit = new();
        commit.Add(RowOperation.Replace(address, row.Properties, row.ETag));
        return (await _store.CommitAsync(commit, cancellationToken)).Succeeded;
    }

    private void Announce(IReadOnlyList<OutboxEntry> entries)
    {
        foreach (var entry in entries)
        {
            _announcer.Announce(entry);
        }
    }

    private static RowCommit Compose<TChange>(IRunEffect<TChange>[] effects, TChange change)
    {
        RowCommit commit = new();
        foreach (var effect in effects)
        {
            effect.AddTo(commit, change);
        }

        return commit;
    }
}
