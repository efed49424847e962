using System.Runtime.CompilerServices;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Queries;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>
/// Lists of flow runs by index rows. What such a row tells decides which runs are counted, and which are read for a page. Whether one of
/// these is there, belongs to the list and is wanted, its own row decides.
/// </summary>
internal sealed class RowFlowRunQueries(IRowStore store, RunReader reader, FlowService flows, DeploymentService deployments, DeadRows dead)
{
    /// <summary>Most lists that are read side by side.</summary>
    private const int MostMerged = 9;

    /// <summary>Most runs that are read at once.</summary>
    private const int MostAtOnce = 16;

    /// <summary>How many more runs than asked for are picked in an order that no list has: some may have changed since.</summary>
    private const int Spare = 16;

    /// <summary>The least and the most rows of a page of a list: either costs a request. Pages grow until enough is found.</summary>
    private const int FewOnPage = 16;

    private const int MostOnPage = 1000;

    private readonly FlowRunSources _sources = new(reader, flows);

    /// <summary>A page of the runs that match, in the order of the query.</summary>
    /// <param name="query">The filters, the order and the page.</param>
    /// <param name="withValues">False to leave out what may be large: parameters and the like, and the state.</param>
    /// <param name="beyond">The place that the page follows, in place of an offset.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<FlowRun>> ListAsync(
        FlowRunQuery query,
        bool withValues,
        FlowRunPlace? beyond,
        CancellationToken cancellationToken
    )
    {
        var page = Page.Of(beyond is null ? query.Offset : 0, query.Limit);
        if (page.Limit == 0)
        {
            return [];
        }

        var order = query.Sort.Comparer();
        order = beyond is { IsBackwards: true } ? Comparer<FlowRun>.Create((a, b) => query.Sort.Comparer().Compare(b, a)) : order;
        var place = beyond?.ToRun();
        bool IsBeyond(FlowRun run) => place is null || order.Compare(run, place) > 0;

        var source = await _sources.PickAsync(query, cancellationToken);
        source = beyond is null ? source : source.Narrow(query.Sort, beyond);
        RelatedFilters filters = new(query, store, flows, deployments);
        if (source.Ids is { } ids)
        {
            var found = ReadAsync(ids.Select(Candidate.Of).ToAsyncEnumerable(), MostAtOnce, cancellationToken)
                .Where(
                    async (stored, token) =>
                        IsBeyond(stored.Run)
                        && await filters.MatchFlowRunAsync(stored, token)
                        && await filters.MatchTaskRunsAsync(stored.Run.Id, token)
                );
            return await page.SortAsync(found.Select(Show), order);
        }

        if (beyond is null && source is { IsExact: true, Lists: [RunKeys.AllRuns] } && query.Sort == FlowRunSort.IdDesc)
        {
            var rows = RowsAsync([RunKeys.AllRunsById], source, PageSize(page.End / RunKeys.Shards), keysOnly: true, cancellationToken);
            return await TakeAsync(rows.Skip(page.Offset).Select(found => Candidate.At(found.List, found.Row)));
        }

        if (source.Lists.Count <= MostMerged && query.Sort == FlowRunSort.ExpectedStartTimeDesc && beyond is not { IsBackwards: true })
        {
            var size = PageSize(source.IsExact ? page.End / RunKeys.Shards : page.End);
            var matches = MatchAsync(source, filters, withTaskRuns: true, size, cancellationToken).Where(match => IsBeyond(match.Told.Run));
            return await TakeAsync(matches.Skip(page.Offset).Select(match => match.Candidate));
        }

        var all = MatchAsync(source, filters, withTaskRuns: true, MostOnPage, cancellationToken)
            .Select(match => match.Told.Run)
            .Where(IsBeyond);
        var sorted = await (page with { Limit = page.Limit + Spare }).SortAsync(all, order);
        return await TakeAsync(sorted.Select(run => run.Id).Distinct().Select(Candidate.Of).ToAsyncEnumerable());

        FlowRun Show(StoredFlowRun stored) => withValues ? stored.Run : stored.Run.WithoutValues();

        Task<IReadOnlyList<FlowRun>> TakeAsync(IAsyncEnumerable<Candidate> candidates)
        {
            // In equal parts, so that none is read in vain.
            var parts = (page.Limit + MostAtOnce - 1) / MostAtOnce;
            var runs = ReadAsync(candidates, (page.Limit + parts - 1) / parts, cancellationToken)
                .Where(async (stored, token) => await filters.MatchFlowRunAsync(stored, token));
            return (page with { Offset = 0 }).TakeAsync(runs.Select(Show));
        }
    }

    /// <summary>How many runs match.</summary>
    public async Task<int> CountAsync(RunFilters query, CancellationToken cancellationToken)
    {
        var source = await _sources.PickAsync(query, cancellationToken);
        if (!source.IsExact)
        {
            return await MatchAsync(query, withTaskRuns: true, cancellationToken).CountAsync(cancellationToken);
        }

        var count = 0;
        var lists = source.Lists is [RunKeys.AllRuns] ? [RunKeys.AllRunsById] : source.Lists;
        foreach (var list in lists)
        {
            count += await RowsAsync([list], source with { Where = [] }, MostOnPage, keysOnly: true, cancellationToken)
                .CountAsync(cancellationToken);
        }

        return count;
    }

    /// <summary>All runs that match, each once, in any order, as the lists tell of them.</summary>
    /// <param name="query">What they match.</param>
    /// <param name="withTaskRuns">False to leave the filter on task runs to the caller.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async IAsyncEnumerable<ListedFlowRun> MatchAsync(
        RunFilters query,
        bool withTaskRuns,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var source = await _sources.PickAsync(query, cancellationToken);
        RelatedFilters filters = new(query, store, flows, deployments);
        await foreach (var match in MatchAsync(source, filters, withTaskRuns, MostOnPage, cancellationToken))
        {
            yield return match.Told;
        }
    }

    /// <summary>How many rows a page of a list has that so many are needed of.</summary>
    private static int PageSize(int needed) => Math.Clamp(needed, FewOnPage, MostOnPage);

    private async IAsyncEnumerable<(ListedFlowRun Told, Candidate Candidate)> MatchAsync(
        FlowRunSource source,
        RelatedFilters filters,
        bool withTaskRuns,
        int pageSize,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (!filters.MatchWorkPool())
        {
            yield break;
        }

        // A run that changes its state meanwhile can turn up in two lists.
        HashSet<Guid>? seen = source.Lists.Count > 1 ? [] : null;
        await foreach (var found in CandidatesAsync(source, pageSize, cancellationToken))
        {
            var told = found.Told;
            if (
                await filters.MatchFlowRunAsync(told.Run, told.ParentFlowRunId, cancellationToken)
                && (!withTaskRuns || await filters.MatchTaskRunsAsync(told.Run.Id, cancellationToken))
                && (seen?.Add(told.Run.Id) ?? true)
            )
            {
                yield return found;
            }
        }
    }

    private async IAsyncEnumerable<(ListedFlowRun Told, Candidate Candidate)> CandidatesAsync(
        FlowRunSource source,
        int pageSize,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var stored in ReadAsync((source.Ids ?? []).Select(Candidate.Of).ToAsyncEnumerable(), MostAtOnce, cancellationToken))
        {
            yield return (ListedFlowRun.Of(stored), Candidate.Of(stored.Run.Id));
        }

        foreach (var lists in source.Lists.Chunk(MostMerged))
        {
            await foreach ((var list, var row) in RowsAsync(lists, source, pageSize, keysOnly: false, cancellationToken))
            {
                var candidate = Candidate.At(list, row);
                var told =
                    ListedFlowRun.From(row)
                    ?? (
                        await reader.ListedFlowRunAsync(candidate.Id, cancellationToken) is { } stored && candidate.IsPlace(stored)
                            ? ListedFlowRun.Of(stored)
                            : null
                    );
                if (told is not null)
                {
                    yield return (told, candidate);
                }
            }
        }
    }

    /// <summary>
    /// The rows of lists, newest expected start first. Of rows of one run at one place the last one: the others are of states before.
    /// </summary>
    private async IAsyncEnumerable<(string List, Row Row)> RowsAsync(
        IReadOnlyList<string> lists,
        FlowRunSource source,
        int pageSize,
        bool keysOnly,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var ranges = lists.SelectMany(list =>
            RunKeys
                .List(list, source.After, source.Before)
                .Select(range => (range with { Where = source.Where, KeysOnly = keysOnly }, list.Length + 1))
        );
        (string List, Row Row)? last = null;
        await foreach ((var row, var skipped) in store.MergeAsync(ranges, pageSize, MostOnPage, cancellationToken))
        {
            var list = row.RowKey[..(skipped - 1)];
            if (
                last is { } before
                && (before.List != list || !RunKeys.PlaceOf(list, before.Row.RowKey).SequenceEqual(RunKeys.PlaceOf(list, row.RowKey)))
            )
            {
                yield return before;
            }

            last = (list, row);
        }

        if (last is { } end)
        {
            yield return end;
        }
    }

    /// <summary>
    /// The runs, in their order, without those that are gone or elsewhere. A row that is not true any more goes, if nobody has deleted it
    /// yet: one that was left by a crash would be counted for ever.
    /// </summary>
    private async IAsyncEnumerable<StoredFlowRun> ReadAsync(
        IAsyncEnumerable<Candidate> candidates,
        int atOnce,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var some in candidates.Chunk(atOnce).WithCancellation(cancellationToken))
        {
            var read = await Task.WhenAll(some.Select(each => TryReadAsync(each.Id, cancellationToken)));
            List<Row> untrue = [];
            foreach ((var candidate, (var isDamaged, var run)) in some.Zip(read))
            {
                if (candidate.Row is { } row && !isDamaged && !candidate.IsTrue(run))
                {
                    untrue.Add(row);
                }

                if (run is { } stored && candidate.IsPlace(stored))
                {
                    yield return stored;
                }
            }

            await dead.DeleteAsync(RunKeys.Index, untrue, cancellationToken);
        }
    }

    private async Task<(bool IsDamaged, StoredFlowRun? Run)> TryReadAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            return (false, await ReadBudget.TakeAsync(token => reader.FlowRunAsync(id, token), cancellationToken));
        }
        catch (RowDamagedException)
        {
            // A list does not fail for one row. The store has reported it.
            return (true, null);
        }
    }

    /// <summary>A run that may be wanted.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="List">The list in which it was found; null for one that was asked for by its id, or sorted.</param>
    /// <param name="Row">The list's row.</param>
    private readonly record struct Candidate(Guid Id, string? List, Row? Row)
    {
        public static Candidate Of(Guid id) => new(id, null, null);

        public static Candidate At(string list, Row row) => new(RunKeys.ListRowRun(list, row.RowKey), list, row);

        /// <summary>Whether the run, as it is, belongs where it was found.</summary>
        public bool IsPlace(StoredFlowRun stored) => List is null || FlowRunLists.IsPlace(List, Row!.RowKey, stored);

        /// <summary>
        /// Whether the row shows the run as it is. A row of the list by id has the same key again if the id is taken again, so it never
        /// counts as untrue.
        /// </summary>
        public bool IsTrue(StoredFlowRun? stored) =>
            List is null or RunKeys.AllRunsById || (stored is not null && FlowRunLists.IsTrue(List, Row!.RowKey, stored));
    }
}
