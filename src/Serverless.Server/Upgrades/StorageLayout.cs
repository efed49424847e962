using Microsoft.Extensions.Hosting;
using Serverless.Core.States;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Upgrades;

/// <summary>
/// Brings rows that an earlier version wrote into today's key layout, before anything else starts. May be interrupted at
/// any point and is then done again.
/// </summary>
/// <remarks>
/// Layout 1 had a table of lists with a partition for each list, a table for the outbox, and no permits. Layout 2 has all of
/// that in <c>runindex</c>, a run's rows in one partition.
/// </remarks>
internal sealed class StorageLayout(IRowStore store) : IHostedLifecycleService
{
    public const int Version = 2;
    public const string FormerLists = "flowrunlists";
    public const string FormerOutbox = "outbox";

    private const string VersionProperty = "version";

    private static readonly RowAddress Address = new("settings", "server", "layout");

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        Row? row = await store.GetAsync(Address, cancellationToken);
        int version = row?.Properties.Get<int>(VersionProperty) ?? 1;
        if (version > Version)
        {
            throw new RowStoreOpenException($"The storage was written by a later version of this app (layout {version}, known up to {Version}).");
        }

        if (version == Version)
        {
            return;
        }

        await MoveOutboxAsync(cancellationToken);
        await MoveRunsAsync(cancellationToken);
        await store.CommitAsync(
            new RowCommit().Add(RowOperation.Upsert(Address, new RowProperties { { VersionProperty, Version } })), cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task MoveOutboxAsync(CancellationToken cancellationToken)
    {
        await foreach (Row row in store.ScanAsync(RowRange.WholeTable(FormerOutbox), cancellationToken: cancellationToken))
        {
            StateType? state = row.Properties.Get<byte[]>(RowDocs.Property) is { } document
                ? Core.Json.StoredJson.Deserialize<State>(document).Type
                : null;
            OutboxEntry entry = OutboxRows.Read(row with { RowKey = $"{OutboxRows.List}|{row.RowKey}" }) with { StateType = state };
            await store.CommitAsync(
                new RowCommit().Add(RowOperation.Delete(new RowAddress(FormerOutbox, row.PartitionKey, row.RowKey))).AddDerived(OutboxRows.Write(entry)),
                cancellationToken);
        }
    }

    private async Task MoveRunsAsync(CancellationToken cancellationToken)
    {
        // The rows of the former lists go last: they say which runs there are.
        await foreach (Row row in store.ScanAsync(RowRange.Partition(FormerLists, RunKeys.AllRunsById), cancellationToken: cancellationToken))
        {
            RowAddress address = RunKeys.FlowRun(RunKeys.Inverted(Guid.ParseExact(row.RowKey, "N")));
            if (await store.GetAsync(address, cancellationToken) is not { } run || StoredFlowRun.From(run) is not { } stored)
            {
                continue;
            }

            RowCommit commit = new RowCommit().Add(RowOperation.Replace(address, run.Properties, run.ETag));
            RunPermits.Update(commit, null, stored.Run);
            FlowRunLists.Update(commit, null, stored.Run, stored.ParentFlowRunId);
            await store.CommitAsync(commit, cancellationToken);
        }

        await foreach (Row row in store.ScanAsync(RowRange.WholeTable(FormerLists), cancellationToken: cancellationToken))
        {
            await store.CommitAsync(
                new RowCommit().Add(RowOperation.Delete(new RowAddress(FormerLists, row.PartitionKey, row.RowKey))), cancellationToken);
        }
    }
}
