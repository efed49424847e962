using System.Runtime.CompilerServices;
using Serverless.Core.States;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>Finds runs by index rows. Such a row only says where to look: whether it is true, the run's own row decides.</summary>
internal sealed class RowFlowRunLists(IRowStore store, RunReader reader, DeadRows dead) : IFlowRunLists
{
    private static readonly string[] EndedLists =
    [
        .. Enum.GetValues<StateType>().Where(type => type.IsFinal()).Select(RunKeys.ListByState).Order(StringComparer.Ordinal),
    ];

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredFlowRun> DueAsync(string list, DateTimeOffset before, CancellationToken cancellationToken) =>
        RunsAsync(list, RunKeys.ListBefore(list, before), 100, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredFlowRun> ScheduledAsync(
        Guid deploymentId,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var list = RunKeys.ListByDeployment(deploymentId);
        RowCondition[] scheduled = [ListedFlowRun.IsOf([StateType.Scheduled])];
        await foreach (
            var row in store.MergeAsync(RunKeys.List(list).Select(range => range with { Where = scheduled }), 64, cancellationToken)
        )
        {
            if (
                Array.TrueForAll(scheduled, condition => condition.IsMet(row.Properties))
                && await reader.ListedFlowRunAsync(RunKeys.ListRowRun(list, row.RowKey), cancellationToken) is { } stored
                && stored.Run.StateType == StateType.Scheduled
                && FlowRunLists.IsPlace(list, row.RowKey, stored)
            )
            {
                yield return stored;
            }
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<Guid> OfFlowAsync(Guid flowId, CancellationToken cancellationToken)
    {
        var list = RunKeys.ListByFlow(flowId);
        return store
            .MergeAsync(RunKeys.List(list), cancellationToken: cancellationToken)
            .Select(row => RunKeys.ListRowRun(list, row.RowKey));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredFlowRun> OpenAsync(
        DateTimeOffset? startingBefore,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        foreach (var type in Enum.GetValues<StateType>().Where(type => !type.IsFinal()))
        {
            var list = RunKeys.ListByState(type);
            var ranges =
                type == StateType.Scheduled && startingBefore is { } start ? RunKeys.ListStartingBefore(list, start) : RunKeys.List(list);
            await foreach (var run in RunsAsync(list, ranges, 256, cancellationToken))
            {
                yield return run;
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The lists of final states are in the order of the expected start, newest first: what ended before a time is, but for runs that ended
    /// before they were to start, in the part whose expected start is before it. So a look never comes to newer runs; of those that ran on
    /// past the time it reads the list's row alone, which says when the run ended.
    /// </remarks>
    public async IAsyncEnumerable<(string Place, StoredFlowRun? Run)> EndedAsync(
        DateTimeOffset before,
        string? from,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        foreach (var list in EndedLists.Where(list => from is null || string.CompareOrdinal(list, ListOf(from)) >= 0))
        {
            var end = RowRange.EndOfPrefix(list + "|");
            var first = $"{list}|{RunKeys.InvertedTicks(before)}";
            var start = from is not null && ListOf(from) == list && string.CompareOrdinal(from, first) > 0 ? from : first;
            var ranges = RunKeys.AllShards.Select(shard => new RowRange(RunKeys.Index, shard, shard, start, end));
            await foreach (var row in store.MergeAsync(ranges, 200, cancellationToken))
            {
                var isWanted = RunKeys.StateTimeOf(list, row.RowKey) < before;
                yield return (row.RowKey, isWanted ? await FindAsync(list, row, cancellationToken) : null);
            }
        }
    }

    private static string ListOf(string rowKey) => rowKey[..rowKey.IndexOf('|', rowKey.IndexOf('|', StringComparison.Ordinal) + 1)];

    private async IAsyncEnumerable<StoredFlowRun> RunsAsync(
        string list,
        IEnumerable<RowRange> ranges,
        int pageSize,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var row in store.MergeAsync(ranges, pageSize, cancellationToken))
        {
            if (await FindAsync(list, row, cancellationToken) is { } stored)
            {
                yield return stored;
            }
        }
    }

    private async Task<StoredFlowRun?> FindAsync(string list, Row row, CancellationToken cancellationToken)
    {
        StoredFlowRun? stored;
        try
        {
            stored = await reader.FlowRunAsync(RunKeys.ListRowRun(list, row.RowKey), cancellationToken);
        }
        catch (RowDamagedException)
        {
            // The others go on. Nobody can tell whether the index row is right.
            return null;
        }

        if (stored is not null && FlowRunLists.IsTrue(list, row.RowKey, stored))
        {
            return stored;
        }

        // No row of the index comes back: this one was left by a repeated write, or is about to go.
        await dead.DeleteAsync(RunKeys.Index, [row], cancellationToken);
        return null;
    }
}
