using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Concurrency;

/// <summary>
/// Of deployments whose older runs are cancelled for newer ones: which runs wait for a slot, those of remote clients included, and which
/// ones give way to them. A run is noted here after its state says that it waits, and only then looks at the others. So of two that begin
/// to wait at once, the later one to be noted sees both. Of several deployments that share a limit, each cancels its own runs only.
/// </summary>
internal sealed class SlotOverlaps(IRowStore store, TimeProvider time, LimitLookup lookup)
{
    private const int MostDeletes = 90;

    /// <summary>Notes that a run waits. The row counts only while the run's own row says that it waits.</summary>
    public async Task EnterAsync(Guid limitId, Guid runId, CancellationToken cancellationToken) =>
        await store.CommitAsync(
            new RowCommit().Add(RowOperation.Upsert(ConcurrencyKeys.Newer(limitId, runId), new RowProperties())),
            cancellationToken
        );

    /// <summary>Whether any runs are noted.</summary>
    public async ValueTask<bool> HasAnyAsync(Guid limitId, CancellationToken cancellationToken) =>
        (await store.QueryAsync(ConcurrencyKeys.Newer(limitId), 1, null, cancellationToken)).Rows.Count > 0;

    /// <summary>
    /// The runs that are to be cancelled because newer ones of their deployment wait, oldest first; none that is being cancelled already.
    /// </summary>
    public async Task<IReadOnlyList<FlowRun>> OutdatedAsync(Guid limitId, CancellationToken cancellationToken)
    {
        Dictionary<Guid, FlowRun?> runs = [];
        List<(FlowRun Run, Row Row)> waiting = [];
        List<RowOperation> gone = [];
        await foreach (var row in store.ScanAsync(ConcurrencyKeys.Newer(limitId), cancellationToken: cancellationToken))
        {
            var runId = Guid.ParseExact(row.RowKey, "N");
            if (await ReadAsync(runId, cancellationToken) is { Lease: null, Run: { StateName: StateNames.AwaitingConcurrencySlot } run })
            {
                waiting.Add((run, row));
                runs[runId] = run;
            }
            else
            {
                gone.Add(Forget(limitId, row));
            }
        }

        List<FlowRun> outdated = [];
        foreach (var deployment in waiting.GroupBy(each => each.Run.DeploymentId))
        {
            var limited = deployment.Key is { } id ? await lookup.OfDeploymentAsync(id, cancellationToken: cancellationToken) : null;
            if (limited is not { CancelsOlder: true, Limit: { } limit } || limit.Id != limitId)
            {
                // The deployment is another now, or has another limit, or is gone.
                gone.AddRange(deployment.Select(each => Forget(limitId, each.Row)));
            }
            else if (limit is { Active: true, Limit: > 0 })
            {
                outdated.AddRange(await OutdatedAsync(limit, [.. deployment.Select(each => each.Run)], runs, cancellationToken));
            }
        }

        await DeleteAsync(gone, cancellationToken);
        return outdated;
    }

    /// <summary>The runs of one deployment that give way.</summary>
    /// <param name="limit">The limit.</param>
    /// <param name="waiting">The deployment's runs that wait.</param>
    /// <param name="runs">The runs that have been read.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    private async Task<IReadOnlyList<FlowRun>> OutdatedAsync(
        StoredLimit limit,
        IReadOnlyList<FlowRun> waiting,
        Dictionary<Guid, FlowRun?> runs,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        var slots = 0;
        HashSet<Guid> holders = [];
        List<SlotContender> contenders = [];
        foreach (var owner in limit.Slots.Where(slot => slot.IsLive(now) && slot.Client is null).Select(slot => slot.Owner))
        {
            if (!runs.TryGetValue(owner.RunId, out var run))
            {
                run = runs[owner.RunId] = (await ReadAsync(owner.RunId, cancellationToken))?.Run;
            }

            if (owner.TaskRunId is not null || (run is not null && run.DeploymentId != waiting[0].DeploymentId))
            {
                continue;
            }

            // A slot may be kept for a run that was read as waiting. One that is Cancelling makes room already.
            slots++;
            if (holders.Add(owner.RunId) && run is { StateType: { } type } && type is not StateType.Cancelling && !type.IsFinal())
            {
                contenders.Add(new SlotContender(run, Waits: false));
            }
        }

        contenders.AddRange(waiting.Where(run => !holders.Contains(run.Id)).Select(run => new SlotContender(run, Waits: true)));

        // The other slots are not there for these runs: clients have them, or runs of others that share the limit.
        var others = limit.ActiveSlots(now) - slots;
        return SlotContender.Outdated(contenders, Math.Max(limit.Limit - others, 1));
    }

    /// <summary>Nobody gives way to anybody from now on.</summary>
    public async Task ClearAsync(Guid limitId, CancellationToken cancellationToken)
    {
        List<RowOperation> rows = [];
        await foreach (var row in store.ScanAsync(ConcurrencyKeys.Newer(limitId), cancellationToken: cancellationToken))
        {
            rows.Add(Forget(limitId, row));
        }

        await DeleteAsync(rows, cancellationToken);
    }

    private static RowOperation Forget(Guid limitId, Row row) =>
        RowOperation.Delete(ConcurrencyKeys.Newer(limitId, Guid.ParseExact(row.RowKey, "N")), row.ETag);

    /// <summary>Deletes rows as they were read: that of a run which waits again has been written again, and stays.</summary>
    private async Task DeleteAsync(IReadOnlyList<RowOperation> rows, CancellationToken cancellationToken)
    {
        foreach (var chunk in rows.Chunk(MostDeletes))
        {
            RowCommit commit = new();
            foreach (var row in chunk)
            {
                commit.Add(row);
            }

            // If somebody was faster, the next look finds them again.
            await store.CommitAsync(commit, cancellationToken);
        }
    }

    private async ValueTask<StoredFlowRun?> ReadAsync(Guid runId, CancellationToken cancellationToken)
    {
        try
        {
            return await store.GetAsync(RunKeys.FlowRun(runId), cancellationToken) is { } row ? StoredFlowRun.From(row) : null;
        }
        catch (RowDamagedException)
        {
            // Nobody can cancel it, nor say whether it waits.
            return null;
        }
    }
}
