using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Core.Filters;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Runs;
using Serverless.Web.Dashboard;
using Serverless.Web.FlowRuns;
using Serverless.Web.Http;
using Serverless.Web.Runs;

namespace Serverless.Web.Flows;

/// <summary>The list of flows, and one flow.</summary>
internal static class FlowPages
{
    /// <summary>Of how many runs the figures of a flow are made.</summary>
    private const int MostLooked = 1000;

    private const int MostPoints = 300;

    private static readonly TimeSpan Looked = TimeSpan.FromDays(7);

    public static void MapFlows(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/flows", ListAsync);
        pages.MapGet("/flows/flow/{id:guid}", ReadAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext http, FlowQueries flows)
    {
        ListAddress list = new(http.Request, "/flows");
        FlowQuery query = new()
        {
            Flows = list.Text is null ? null : new FlowFilter { Name = new TextFilter { Like = list.Text } },
            Sort = FlowSort.NameAsc,
            Offset = list.Offset,
            Limit = ListAddress.Most,
        };
        var (shown, pager) = list.Cut(await flows.FilterAsync(query, http.RequestAborted));
        var counts = await flows.CountDeploymentsAsync([.. shown.Select(flow => flow.Id)], http.RequestAborted);
        return PageResult.Of<FlowsPage>(new FlowsModel([.. shown.Select(flow => (flow, counts[flow.Id]))], list.Text, pager));
    }

    private static async Task<IResult> ReadAsync(
        Guid id,
        HttpContext http,
        FlowService flows,
        DeploymentQueries deployments,
        RunRows rows,
        FlowRunQueries queries,
        TimeProvider time
    )
    {
        if (await flows.GetAsync(id, http.RequestAborted) is not { } flow)
        {
            return PageErrors.Show(http, StatusCodes.Status404NotFound, "There is no such flow. It may have been deleted.");
        }

        FlowFilter ofFlow = new() { Id = new IdFilter { Any = [id] } };
        var now = time.GetUtcNow();
        FlowRunQuery lately = new()
        {
            Flows = ofFlow,
            FlowRuns = new FlowRunFilter
            {
                ExpectedStartTime = new TimeFilter { After = now - Looked, Before = now },
            },
            Sort = FlowRunSort.ExpectedStartTimeDesc,
            Limit = MostLooked + 1,
        };
        var ended = await queries.EndedAsync(lately, http.RequestAborted);
        return PageResult.Of<FlowPage>(
            new FlowModel(
                flow,
                await deployments.FilterAsync(
                    new DeploymentQuery
                    {
                        Flows = ofFlow,
                        Sort = DeploymentSort.NameAsc,
                        Limit = TabReader.PageSize,
                    },
                    http.RequestAborted
                ),
                await rows.ReadAsync(
                    new FlowRunQuery
                    {
                        Flows = ofFlow,
                        Sort = FlowRunSort.ExpectedStartTimeDesc,
                        Limit = 20,
                    },
                    http.RequestAborted
                ),
                FlowFigures.Of(id, flow.Name, [.. ended.Take(MostLooked)]),
                ended.Count <= MostLooked,
                await rows.PointsAsync(lately with { Limit = MostPoints }, Links.Of(http.Request), http.RequestAborted)
            )
        );
    }
}
