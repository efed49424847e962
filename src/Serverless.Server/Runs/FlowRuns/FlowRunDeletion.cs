using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Server.Artifacts;
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
    TimeProvider time,
    IIdGenerator ids,
    IOutboxAnnouncer announcer,
    ConcurrencyLimits limits
)
{
    /// <summary>One less than a commit takes: derived rows take the place of an operation.</summary>
    private const int RowsAStep = 99;

    /// <summary>
    /// How long a tombstone stays whose id somebody may be about to create: who has read, before the deletion, that there is no such run
    /// yet.
    /// </summary>
    internal static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    private readonly IdempotencyKeys _keys = new(store);

    /// <summary>Puts a tombstone in the run's place and takes it off the lists; false when there is no such run.</summary>
    public async Task<bool> DeleteAsync(Guid flowRunId, CancellationToken cancellationToken)
    {
        var address = RunKeys.FlowRun(flowRunId);
        while (true)
        {
            if (await store.GetAsync(address, cancellationToken) is not { } row || StoredFlowRun.From(row) is not { } stored)
            {
                return false;
            }

            var entry = OutboxRows.Create(ids.NewId(), WireClock.Now(time), OutboxKind.Purge, flowRunId, stored.Generation, null);
            if ((await writer.TryWriteAsync(new FlowRunChange { Before = stored, Entries = [entry] }, cancellationToken)).Succeeded)
            {
                await limits.OnGoneAsync(stored, cancellationToken);
                return true;
            }
        }
    }

    /// <summary>
    /// Writes the outbox entry of a deletion once more, for an orchestration that started after the first was carried out.
    /// </summary>
    public async Task RequestPurgeAsync(Guid flowRunId, int generation, CancellationToken cancellationToken)
    {
        var entry = OutboxRows.Create(ids.NewId(), WireClock.Now(time), OutboxKind.Purge, flowRunId, generation, null);
        await store.CommitAsync(new RowCommit().Add(OutboxRows.Write(entry)), cancellationToken);
        announcer.Announce(entry);
    }

    /// <summary>
    /// Deletes what a deleted run left, its tombstone last, or an hour later where its id may be asked for again. Does nothing to a run
    /// that is not deleted.
    /// </summary>
    public async Task PurgeAsync(Guid flowRunId, CancellationToken cancellationToken)
    {
        var address = RunKeys.FlowRun(flowRunId);
        if (await store.GetAsync(address, cancellationToken) is not { } tombstone || !StoredFlowRun.IsTombstone(tombstone))
        {
            return;
        }

        if (StoredFlowRun.KeyOf(tombstone) is { } held)
        {
            await _keys.ReleaseAsync(held.FlowId, held.Key, flowRunId, cancellationToken);
        }

        await DeleteRowsAsync(LogKeys.Logs, RunKeys.Partition(flowRunId), null, cancellationToken);
        await DeleteArtifactsAsync(flowRunId, cancellationToken);

        // Until nothing is found: a task run that was about to end may have added its last state while its rows were being deleted.
        while (await DeleteRowsAsync(RunKeys.Runs, RunKeys.Partition(flowRunId), RunKeys.FlowRunRow, cancellationToken)) { }

        if (StoredFlowRun.IsAskedAgain(tombstone))
        {
            var entry = OutboxRows.Create(ids.NewId(), WireClock.Now(time) + Remembered, OutboxKind.Forget, flowRunId, generation: 0, null);
            await store.CommitAsync(
                new RowCommit()
                    .Add(RowOperation.Replace(address, StoredFlowRun.PurgedTombstone(), tombstone.ETag))
                    .AddDerived(OutboxRows.Write(entry)),
                cancellationToken
            );
        }
        else if (!StoredFlowRun.IsPurged(tombstone))
        {
            await store.CommitAsync(new RowCommit().Add(RowOperation.Delete(address, tombstone.ETag)), cancellationToken);
        }
    }

    /// <summary>Deletes the tombstone of a purged run.</summary>
    public async Task ForgetAsync(Guid flowRunId, CancellationToken cancellationToken)
    {
        var address = RunKeys.FlowRun(flowRunId);
        if (await store.GetAsync(address, cancellationToken) is { } row && StoredFlowRun.IsPurged(row))
        {
            await store.CommitAsync(new RowCommit().Add(RowOperation.Delete(address, row.ETag)), cancellationToken);
        }
    }

    /// <summary>Deletes the rows of a partition but one; false when there were no others.</summary>
    private async Task<bool> DeleteRowsAsync(string table, string partition, string? kept, CancellationToken cancellationToken)
    {
        var any = false;
        string? continuation = null;
        do
        {
            var page = await store.QueryAsync(RowRange.Partition(table, partition), RowsAStep, continuation, cancellationToken);
            RowCommit commit = new();
            foreach (var row in page.Rows)
            {
                if (row.RowKey == kept)
                {
                    continue;
                }

                commit.Add(RowOperation.Delete(new RowAddress(table, partition, row.RowKey)));
                if (table != RunKeys.Runs)
                {
                    continue;
                }

                TaskRunTraces.Delete(commit, row);
                if (row.RowKey.StartsWith(RunKeys.TaskRunPrefix, StringComparison.Ordinal))
                {
                    var taskRunId = Guid.ParseExact(row.RowKey.AsSpan(RunKeys.TaskRunPrefix.Length), "N");
                    commit.AddDerived(RowOperation.Delete(RunKeys.TaskRunOwner(taskRunId)));
                    SlotBook.AddRelease(commit, SlotLeaseText.Read(row), null);
                }
            }

            if (commit.Operations.Count > 0)
            {
                any = true;
                await store.CommitAsync(commit, cancellationToken);
            }

            continuation = page.Continuation;
        } while (continuation is not null);
        return any;
    }

    private async Task DeleteArtifactsAsync(Guid flowRunId, CancellationToken cancellationToken)
    {
        await foreach (
            var row in store.ScanAsync(
                RowRange.Partition(ArtifactKeys.Lists, ArtifactKeys.ListByFlowRun(flowRunId)),
                RowsAStep,
                cancellationToken
            )
        )
        {
            if (await store.GetAsync(ArtifactKeys.Artifact(ArtifactKeys.ListRowArtifact(row.RowKey)), cancellationToken) is { } stored)
            {
                await store.CommitAsync(ArtifactRows.Delete(RowDocs.Read<Artifact>(stored)), cancellationToken);
            }
        }
    }
}
