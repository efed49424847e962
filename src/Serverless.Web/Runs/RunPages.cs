using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Core.Filters;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Queries;
using Serverless.Server.SavedSearches;
using Serverless.Web.Charts;
using Serverless.Web.Http;
using Serverless.Web.Shared;

namespace Serverless.Web.Runs;

/// <summary>The list of runs.</summary>
internal static class RunPages
{
    /// <summary>The runs of a page.</summary>
    public const int PageSize = 50;

    private const int MostFlows = 200;
    private const int MostPoints = 500;
    private const int MostSearches = 100;

    public static void MapRuns(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/runs", ReadAsync);
        pages.MapGet("/flow-runs", ReadAsync);
    }

    private static async Task<IResult> ReadAsync(
        HttpContext http,
        RunFinder finder,
        RunRows rows,
        FlowQueries flows,
        DeploymentService deployments,
        SavedSearchService searches
    )
    {
        var filter = RunFilterModel.Of(http.Request);
        var links = Links.Of(http.Request);
        var found = await finder.FindAsync(filter, PageSize, http.RequestAborted);
        if (found is { IsBackwards: true, HasMore: false } && found.Runs.Count < PageSize)
        {
            // So few come before: these are the beginning of the list.
            filter = filter.FromStart();
            found = await finder.FindAsync(filter, PageSize, http.RequestAborted);
        }

        var isPart = http.Request.Headers["HX-Target"] == "results";
        RunsModel model = new(
            filter,
            await rows.OfAsync(found.Runs, http.RequestAborted),
            isPart ? [] : await flows.FilterAsync(new FlowQuery { Sort = FlowSort.NameAsc, Limit = MostFlows }, http.RequestAborted),
            filter.DeploymentId is { } id ? await deployments.GetAsync(id, http.RequestAborted) : null,
            PagerOf(filter, found, links),
            await PointsAsync(filter, found, rows, links, http.RequestAborted),
            isPart
                ? []
                : [.. (await searches.ListAsync(Page.Of(0, MostSearches), http.RequestAborted)).Select(RunSearch.Of).OfType<RunSearch>()],
            filter.Parameters is null ? null : found.Looked
        );
        if (!isPart)
        {
            return PageResult.Of<RunsPage>(model);
        }

        http.Response.Headers["HX-Push-Url"] = links[filter.Path()];
        return PageResult.Of<RunResults>(model);
    }

    private static PagerModel PagerOf(RunFilterModel filter, RunPage found, Links links)
    {
        var start = filter.FromStart();
        var hasNext = found.IsBackwards || found.HasMore;
        var hasPrevious = found.IsBackwards ? found.HasMore : found.Beyond is not null;
        return new PagerModel(
            Looks.Count(found.Runs.Count, "run"),
            hasPrevious && found.Start is { } first ? links[(start with { Previous = PlaceText.Of(first) }).Path()] : null,
            hasNext && found.End is { } end ? links[(start with { Next = PlaceText.Of(end) }).Path()] : null
        )
        {
            First = found.Beyond is null ? null : links[start.Path()],
            NextText = filter.Parameters is null ? "Next" : "Look further",
        };
    }

    private static async Task<IReadOnlyList<ScatterPoint>?> PointsAsync(
        RunFilterModel filter,
        RunPage found,
        RunRows rows,
        Links links,
        CancellationToken cancellationToken
    ) =>
        !filter.Chart ? null
        : filter.Parameters is not null ? RunRows.PointsOf(found.Runs, links)
        : await rows.PointsAsync(filter.Query(MostPoints), links, cancellationToken);
}
