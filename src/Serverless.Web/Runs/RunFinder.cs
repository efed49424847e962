using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Queries;
using Serverless.Server.Runs;

namespace Serverless.Web.Runs;

/// <summary>Finds the runs that a list's address asks for, from its place on.</summary>
internal sealed class RunFinder(FlowRunQueries queries, FlowRunService runs)
{
    private const int MostCounted = 10_000;
    private const int MostCountedInRows = 1_000;
    private const int Batch = 100;
    private const int MostBytes = 4 * 1024 * 1024;

    /// <summary>
    /// No index knows the parameters, so each run is read that the rest of the filter leaves. This many are looked at for a page;
    /// where each costs a request, fewer.
    /// </summary>
    public int MostLooked => queries.HasColumns ? 500 : 100;

    /// <summary>A page of the list.</summary>
    /// <param name="filter">Which runs, and from where on.</param>
    /// <param name="size">How many at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<RunPage> FindAsync(RunFilterModel filter, int size, CancellationToken cancellationToken)
    {
        var beyond = await PlaceAsync(filter, cancellationToken);
        if (filter.Parameters is { } text)
        {
            return await SearchAsync(filter, new ParameterText(text), size, beyond, cancellationToken);
        }

        // One more than is shown, to know whether more follow without counting a million.
        var found = await ReadAsync(filter.Query(size + 1), beyond, cancellationToken);
        IReadOnlyList<FlowRun> shown = beyond is { IsBackwards: true } ? [.. found.TakeLast(size)] : [.. found.Take(size)];
        return new RunPage(
            beyond,
            shown,
            shown.Count,
            shown is [var first, ..] ? FlowRunPlace.Of(first, filter.Sort) : null,
            shown is [.., var last] ? FlowRunPlace.Of(last, filter.Sort) : null,
            found.Count > size
        );
    }

    /// <summary>How many runs match, and whether those are all: beyond some thousands nobody counts on.</summary>
    public async Task<(int Count, bool IsAll)> CountAsync(RunFilterModel filter, CancellationToken cancellationToken)
    {
        if (filter.Parameters is not null)
        {
            var found = await FindAsync(filter, MostLooked, cancellationToken);
            return (found.Runs.Count, !found.HasMore);
        }

        var most = queries.HasColumns ? MostCounted : MostCountedInRows;
        var count = await queries.CountUpToAsync(filter.Query(most), most + 1, cancellationToken);
        return (Math.Min(count, most), count <= most);
    }

    /// <summary>Looks at one run after the other, towards the end of the list or towards its beginning.</summary>
    private async Task<RunPage> SearchAsync(
        RunFilterModel filter,
        ParameterText text,
        int size,
        FlowRunPlace? beyond,
        CancellationToken cancellationToken
    )
    {
        var isBackwards = beyond is { IsBackwards: true };
        List<FlowRun> matches = [];
        var (looked, bytes, batch) = (0, 0, Batch);
        FlowRunPlace? first = null;
        var last = beyond;
        while (looked < MostLooked && bytes < MostBytes)
        {
            IReadOnlyList<FlowRun> some;
            var wanted = Math.Min(batch, MostLooked - looked);
            try
            {
                some = await queries.ListAsync(filter.Query(wanted), cancellationToken, beyond: last);
            }
            catch (PageTooLargeException large)
            {
                batch = large.Limit;
                continue;
            }

            foreach (var run in isBackwards ? some.Reverse() : some)
            {
                looked++;
                last = FlowRunPlace.Of(run, filter.Sort) with { IsBackwards = isBackwards };
                first ??= last;
                if (text.IsIn(run, ref bytes))
                {
                    matches.Add(run);
                }

                if (matches.Count == size)
                {
                    return Found(hasMore: true);
                }
            }

            if (some.Count < wanted)
            {
                return Found(hasMore: false);
            }
        }

        return Found(hasMore: true);

        RunPage Found(bool hasMore)
        {
            if (!isBackwards)
            {
                return new RunPage(beyond, matches, looked, first, last, hasMore);
            }

            matches.Reverse();
            return new RunPage(beyond, matches, looked, last, first, hasMore);
        }
    }

    /// <summary>Runs of a list. Of runs with very large parameters what is not shown is left out.</summary>
    private async Task<IReadOnlyList<FlowRun>> ReadAsync(FlowRunQuery query, FlowRunPlace? beyond, CancellationToken cancellationToken)
    {
        try
        {
            return await queries.ListAsync(query, cancellationToken, beyond: beyond);
        }
        catch (PageTooLargeException)
        {
            return await queries.ListAsync(query, cancellationToken, withValues: false, beyond);
        }
    }

    private async Task<FlowRunPlace?> PlaceAsync(RunFilterModel filter, CancellationToken cancellationToken)
    {
        if ((filter.Next ?? filter.Previous) is not { } text || PlaceText.Read(text, filter.Sort, out var isWhole) is not { } place)
        {
            return null;
        }

        if (!isWhole)
        {
            if (await runs.GetAsync(place.Id, cancellationToken) is not { } run)
            {
                return null;
            }

            place = FlowRunPlace.Of(run, filter.Sort);
        }

        return place with
        {
            IsBackwards = filter.Next is null,
        };
    }
}
