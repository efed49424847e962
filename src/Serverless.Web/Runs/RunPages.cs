using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Queries;
using Serverless.Server.Runs;
using Serverless.Server.SavedSearches;
using Serverless.Web.FlowRuns;
using Serverless.Web.Http;
using Serverless.Web.Shared;

namespace Serverless.Web.Runs;

/// <summary>The list of runs, and what one can do to many of them.</summary>
internal static class RunPages
{
    private const int PageSize = 50;
    private const int StepSize = 50;
    private const int MostFlows = 200;
    private const int MostPoints = 500;
    private const int MostSearches = 100;

    public static void MapRuns(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/runs", ReadAsync);
        pages.MapGet("/flow-runs", ReadAsync);
    }

    public static void MapRunActions(this IEndpointRouteBuilder actions)
    {
        var runs = actions.MapGroup("/runs");
        runs.MapPost("/cancel", CancelAsync);
        runs.MapPost("/delete", DeleteAsync);
        runs.MapPost("/cancel-all", CancelAllAsync);
        runs.MapPost("/delete-all", DeleteAllAsync);
    }

    private static async Task<IResult> ReadAsync(
        HttpContext http,
        RunRows rows,
        FlowQueries flows,
        DeploymentService deployments,
        SavedSearchService searches
    )
    {
        var filter = RunFilterModel.Of(http.Request);
        var links = Links.Of(http.Request);

        // One more than is shown, to know whether there is a next page without counting a million.
        var found = await rows.ReadAsync(filter.Query(PageSize + 1), http.RequestAborted);
        var shown = found.Take(PageSize).ToList();
        var isPart = http.Request.Headers["HX-Target"] == "results";
        RunsModel model = new(
            filter,
            shown,
            isPart ? [] : await flows.FilterAsync(new FlowQuery { Sort = FlowSort.NameAsc, Limit = MostFlows }, http.RequestAborted),
            filter.DeploymentId is { } id ? await deployments.GetAsync(id, http.RequestAborted) : null,
            new PagerModel(filter.Offset, shown.Count, PageSize, found.Count > PageSize, at => links[(filter with { Offset = at }).Path()]),
            filter.Chart ? await rows.PointsAsync(filter.Query(MostPoints) with { Offset = 0 }, links, http.RequestAborted) : null,
            isPart
                ? []
                : [.. (await searches.ListAsync(Page.Of(0, MostSearches), http.RequestAborted)).Select(RunSearch.Of).OfType<RunSearch>()]
        );
        if (!isPart)
        {
            return PageResult.Of<RunsPage>(model);
        }

        http.Response.Headers["HX-Push-Url"] = links[filter.Path()];
        return PageResult.Of<RunResults>(model);
    }

    private static async Task<IResult> CancelAsync(HttpContext http, FlowRunControl control)
    {
        var done = 0;
        List<string> refusals = [];
        foreach (var id in Ticked(http))
        {
            var answer = await control.CancelAsync(id, cancellationToken: http.RequestAborted);
            if (FlowRunPages.WasCancelled(answer))
            {
                done++;
            }
            else
            {
                refusals.Add(answer.Reason ?? "It has ended.");
            }
        }

        return Told(done, "told to stop", refusals);
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, FlowRunService runs)
    {
        var done = 0;
        List<string> refusals = [];
        foreach (var id in Ticked(http))
        {
            if (await runs.DeleteAsync(id, http.RequestAborted))
            {
                done++;
            }
            else
            {
                refusals.Add("It was gone already.");
            }
        }

        return Told(done, "deleted", refusals);
    }

    private static IReadOnlyList<Guid> Ticked(HttpContext http) =>
        PageForm.Of(http).Ids("id") is { Count: > 0 and <= 2 * PageSize } ids
            ? ids
            : throw new BadHttpRequestException("Tick the runs that you mean.", StatusCodes.Status422UnprocessableEntity);

    private static PageResult Told(int done, string verb, List<string> refusals)
    {
        var text = $"{Looks.Count(done, "run")} {verb}.";
        return PageResult.Of<NoticeView>(
            refusals is [var first, ..]
                ? Notice.Failed($"{text} {Looks.Count(refusals.Count, "run")} did not allow it: {first}")
                : Notice.Done(text)
        );
    }

    private static async Task<IResult> CancelAllAsync(HttpContext http, FlowRunService runs, FlowRunControl control)
    {
        var (filter, path, done, refused) = Step(http);
        StateType[] open =
        [
            .. Enum.GetValues<StateType>()
                .Where(type => !type.IsFinal() && type != StateType.Cancelling)
                .Where(type => (filter.States.Count == 0 && !filter.IsLate) || filter.States.Contains(type)),
        ];

        // Those that do not allow it stay first in the list; the others leave it.
        var found = open.Length == 0 && !filter.IsLate ? [] : await FindAsync(runs, filter with { States = open, Offset = refused }, http);
        foreach (var run in found)
        {
            if (FlowRunPages.WasCancelled(await control.CancelAsync(run.Id, "Cancelled from the page", http.RequestAborted)))
            {
                done++;
            }
            else
            {
                refused++;
            }
        }

        return Next("/runs/cancel-all", path, "told to stop", done, refused, found.Count == 0);
    }

    private static async Task<IResult> DeleteAllAsync(HttpContext http, FlowRunService runs)
    {
        var (filter, path, done, refused) = Step(http);
        var found = await FindAsync(runs, filter, http);
        foreach (var run in found)
        {
            done += await runs.DeleteAsync(run.Id, http.RequestAborted) ? 1 : 0;
        }

        return Next("/runs/delete-all", path, "deleted", done, refused, found.Count == 0);
    }

    private static Task<IReadOnlyList<FlowRun>> FindAsync(FlowRunService runs, RunFilterModel filter, HttpContext http) =>
        runs.FilterAsync(filter.Query(StepSize) with { Sort = FlowRunSort.IdDesc }, http.RequestAborted);

    private static (RunFilterModel Filter, string Path, int Done, int Refused) Step(HttpContext http)
    {
        var form = PageForm.Of(http);
        var path = form.Text("filter") ?? "/runs";
        var at = path.IndexOf('?');
        var query = QueryHelpers.ParseQuery(at < 0 ? "" : path[at..]);
        var filter = RunFilterModel.Of(name => query.TryGetValue(name, out var values) ? values : []) with { Offset = 0 };
        return filter.IsNarrow
            ? (filter, filter.Path(), form.Number("done", "The count", 0) ?? 0, form.Number("refused", "The count", 0) ?? 0)
            : throw new BadHttpRequestException("Say first which runs: set a filter.", StatusCodes.Status422UnprocessableEntity);
    }

    private static PageResult Next(string action, string path, string verb, int done, int refused, bool isOver) =>
        PageResult.Of<BulkProgress>(new BulkStep(action, path, verb, done, refused, isOver));
}
