using Serverless.Core.Ids;
using Serverless.Server.Artifacts;
using Serverless.Server.Assets;
using Serverless.Server.Concurrency;
using Serverless.Server.Logs;
using Serverless.Server.Outbox;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>
/// Deletes flow runs: at once from everybody's sight, then, in bounded steps that may be interrupted and repeated, from
/// the store.
/// </summary>
internal sealed class FlowRunDeletion(
    IRowStore store,
    RunWriter writer,
    RunPurge purge,
    IdempotencyKeys keys,
    CommitRetry retry,
    OutboxStore outbox,
    RunLogs logs,
    ArtifactService artifacts,
    DelayedTaskRuns delayed,
    AssetRecording assets,
    TimeProvider time,
    IIdGenerator ids,
    IOutboxAnnouncer announcer,
    ConcurrencyLimits limits
)
{
    /// <summary>
    /// How long a tombstone stays whose id somebody may be about to create: who has read, before the deletion, that there is no such run
    /// yet.
    /// </summary>
    internal static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    /// <summary>Puts a tombstone in the run's place and takes it off the lists; false when there is no such run.</summary>
    public Task<bool> DeleteAsync(Guid flowRunId, CancellationToken cancellationToken) =>
        DeleteAsync(flowRunId, FlowRunBasis.None, cancellationToken);

    /// <summary>The same for a run that is still what the deletion rests on; false when it is not.</summary>
    public Task<bool> DeleteAsync(Guid flowRunId, FlowRunBasis basis, CancellationToken cancellationToken) =>
        retry.RunAsync<bool>(
            async token =>
            {
                if (await FindAsync(flowRunId, token) is not { } row || StoredFlowRun.From(row) is not { } stored || !basis.Holds(stored))
                {
                    return false;
                }

                var entry = OutboxRows.Create(ids.NewId(), WireClock.Now(time), OutboxKind.Purge, flowRunId, stored.Generation, null);
                if (!(await writer.TryWriteAsync(new FlowRunChange { Before = stored, Entries = [entry] }, token)).Succeeded)
                {
                    return default;
                }

                await limits.OnGoneAsync(stored, token);
                return true;
            },
            cancellationToken
        );

    /// <summary>
    /// Writes the outbox entry of a deletion once more, for an orchestration that started after the first was carried out.
    /// </summary>
    public async Task RequestPurgeAsync(Guid flowRunId, int generation, CancellationToken cancellationToken)
    {
        var entry = OutboxRows.Create(ids.NewId(), WireClock.Now(time), OutboxKind.Purge, flowRunId, generation, null);
        await outbox.WriteAsync(entry, cancellationToken);
        announcer.Announce(entry);
    }

    /// <summary>
    /// Deletes what a deleted run left, its tombstone last, or an hour later where its id may be asked for again. Does nothing to a run
    /// that is not deleted.
    /// </summary>
    public async Task PurgeAsync(Guid flowRunId, CancellationToken cancellationToken)
    {
        if (await FindAsync(flowRunId, cancellationToken) is not { } tombstone || !StoredFlowRun.IsTombstone(tombstone))
        {
            return;
        }

        if (StoredFlowRun.KeyOf(tombstone) is { } held)
        {
            await keys.ReleaseAsync(held.FlowId, held.Key, flowRunId, cancellationToken);
        }

        await assets.RecordLastAsync(flowRunId, cancellationToken);
        await logs.DeleteAsync(flowRunId, cancellationToken);
        await artifacts.DeleteOfFlowRunAsync(flowRunId, cancellationToken);
        await delayed.LeaveAsync(flowRunId, cancellationToken);
        await purge.DeleteRowsAsync(flowRunId, cancellationToken);
        if (StoredFlowRun.IsAskedAgain(tombstone))
        {
            var entry = OutboxRows.Create(ids.NewId(), WireClock.Now(time) + Remembered, OutboxKind.Forget, flowRunId, generation: 0, null);
            await purge.RememberAsync(flowRunId, tombstone, entry, cancellationToken);
        }
        else if (!StoredFlowRun.IsPurged(tombstone))
        {
            await purge.ForgetAsync(flowRunId, tombstone, cancellationToken);
        }
    }

    /// <summary>Deletes the tombstone of a purged run.</summary>
    public async Task ForgetAsync(Guid flowRunId, CancellationToken cancellationToken)
    {
        if (await FindAsync(flowRunId, cancellationToken) is { } row && StoredFlowRun.IsPurged(row))
        {
            await purge.ForgetAsync(flowRunId, row, cancellationToken);
        }
    }

    private ValueTask<Row?> FindAsync(Guid flowRunId, CancellationToken cancellationToken) =>
        store.GetAsync(RunKeys.FlowRun(flowRunId), cancellationToken);
}
