using System.Globalization;
using System.Runtime.CompilerServices;
using Serverless.Core.States;
using Serverless.Server.Runs;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Retention;

/// <summary>
/// Finds runs that ended before a time. The lists of final states are in the order of the expected start, newest first: what ended before a
/// time is, but for runs that ended before they were to start, in the part whose expected start is before it. So a look never comes to
/// newer runs; of those that ran on past the time it reads the list's row alone, which says when the run ended.
/// </summary>
internal sealed class EndedFlowRuns(IRowStore store, RunReader reader, DeadRows dead)
{
    private const int PageSize = 200;

    private static readonly string[] Lists = [.. Enum.GetValues<StateType>().Where(type => type.IsFinal()).Select(RunKeys.ListByState)];

    /// <summary>The ended runs, with their places; null in the place of one that is passed over.</summary>
    public async IAsyncEnumerable<(string Place, StoredFlowRun? Run)> ReadAsync(
        DateTimeOffset before,
        string? from,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        foreach (
            var list in Lists.Where(list => from is null || string.CompareOrdinal(list, ListOf(from)) >= 0).Order(StringComparer.Ordinal)
        )
        {
            var end = RowRange.EndOfPrefix(list + "|");
            var first = $"{list}|{RunKeys.InvertedTicks(before)}";
            var start = from is not null && ListOf(from) == list && string.CompareOrdinal(from, first) > 0 ? from : first;
            var ranges = RunKeys.AllShards.Select(shard => new RowRange(RunKeys.Index, shard, shard, start, end));
            await foreach (var row in store.MergeAsync(ranges, PageSize, cancellationToken))
            {
                yield return (row.RowKey, EndOf(row.RowKey) < before ? await FindAsync(list, row, cancellationToken) : null);
            }
        }
    }

    /// <summary>When the run ended that a row of a list by state stands for.</summary>
    private static DateTimeOffset EndOf(string rowKey) =>
        new(long.Parse(rowKey.AsSpan(rowKey.LastIndexOf('|') + 1), NumberStyles.None, CultureInfo.InvariantCulture), TimeSpan.Zero);

    private static string ListOf(string rowKey) => rowKey[..rowKey.IndexOf('|', rowKey.IndexOf('|', StringComparison.Ordinal) + 1)];

    private async Task<StoredFlowRun?> FindAsync(string list, Row row, CancellationToken cancellationToken)
    {
        StoredFlowRun? stored;
        try
        {
            stored = await reader.FlowRunAsync(RunKeys.ListRowRun(list, row.RowKey), cancellationToken);
        }
        catch (RowDamagedException)
        {
            // It stays, for somebody to look at.
            return null;
        }

        if (stored is not null && FlowRunLists.IsTrue(list, row, stored.Run))
        {
            return stored;
        }

        await dead.DeleteAsync(RunKeys.Index, [row], cancellationToken);
        return null;
    }
}
