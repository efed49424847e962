using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Concurrency;

/// <summary>
/// Of deployments whose older runs are cancelled for newer ones: which runs wait for a slot, those of remote clients included, and which
/// ones give way to them. A run is noted here after its state says that it waits, and only then looks at the others. So of two that begin
/// to wait at once, the later one to be noted sees both.
/// </summary>
internal sealed class SlotOverlaps(IRowStore store, TimeProvider time, LimitReader reader)
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

    /// <summary>The runs that are to be cancelled because newer ones wait, oldest first; none that is being cancelled already.</summary>
    public async Task<IReadOnlyList<FlowRun>> OutdatedAsync(Guid limitId, CancellationToken cancellationToken)
    {
        Dictionary<Guid, FlowRun> waiting = [];
        List<RowOperation> gone = [];
        await foreach (var row in store.ScanAsync(ConcurrencyKeys.Newer(limitId), cancellationToken: cancellationToken))
        {
            var runId = Guid.ParseExact(row.RowKey, "N");
            if (await ReadAsync(runId, cancellationToken) is { Lease: null, Run: { StateName: StateNames.AwaitingConcurrencySlot } run })
            {
                waiting[runId] = run;
            }
            else
            {
                gone.Add(RowOperation.Delete(ConcurrencyKeys.Newer(limitId, runId), row.ETag));
            }
        }

        await DeleteAsync(gone, cancellationToken);
        if (waiting.Count == 0 || await reader.ReadAsync(limitId, cancellationToken) is not { Active: true, Limit: > 0 } limit)
        {
            return [];
        }

        var now = time.GetUtcNow();
        List<StoredSlot> taken = [.. limit.Slots.Where(slot => slot.IsLive(now))];
        List<SlotContender> contenders = [];
        foreach (var runId in taken.Select(slot => slot.Owner.RunId).Distinct())
        {
            // A slot may be kept for a run that was read as waiting. One that is Cancelling makes room already.
            waiting.Remove(runId, out var known);
            var run = known ?? (await ReadAsync(runId, cancellationToken))?.Run;
            if (run is { StateType: { } type } && type is not StateType.Cancelling && !type.IsFinal())
            {
                contenders.Add(new SlotContender(run, Waits: false));
            }
        }

        contenders.AddRange(waiting.Values.Select(run => new SlotContender(run, Waits: true)));

        // Those that a request said were taken are not there for runs.
        var others = limit.ActiveSlots(now) - taken.Count;
        return SlotContender.Outdated(contenders, Math.Max(limit.Limit - others, 1));
    }

    /// <summary>Nobody gives way to anybody from now on.</summary>
    public async Task ClearAsync(Guid limitId, CancellationToken cancellationToken)
    {
        List<RowOperation> rows = [];
        await foreach (var row in store.ScanAsync(ConcurrencyKeys.Newer(limitId), cancellationToken: cancellationToken))
        {
            rows.Add(RowOperation.Delete(ConcurrencyKeys.Newer(limitId, Guid.ParseExact(row.RowKey, "N")), row.ETag));
        }

        await DeleteAsync(rows, cancellationToken);
    }

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
