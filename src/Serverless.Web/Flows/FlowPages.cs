using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Core.Filters;
using Serverless.Core.States;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Runs;
using Serverless.Web.FlowRuns;
using Serverless.Web.Http;
using Serverless.Web.Runs;
using Serverless.Web.Shared;

namespace Serverless.Web.Flows;

/// <summary>The list of flows, and one flow.</summary>
internal static class FlowPages
{
    private static readonly TimeSpan Looked = TimeSpan.FromDays(7);

    public static void MapFlows(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/flows", ListAsync);
        pages.MapGet("/flows/flow/{id:guid}", ReadAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext http, FlowQueries flows)
    {
        var links = Links.Of(http.Request);
        var text = http.Request.Query["q"].ToString().Trim() is { Length: > 0 } words ? words : null;
        var offset = TabReader.OffsetOf(http.Request);
        FlowQuery query = new()
        {
            Flows = text is null ? null : new FlowFilter { Name = new TextFilter { Like = text } },
            Sort = FlowSort.NameAsc,
            Offset = offset,
            Limit = TabReader.PageSize + 1,
        };
        var found = await flows.FilterAsync(query, http.RequestAborted);
        var shown = found.Take(TabReader.PageSize).ToList();
        var counts = await flows.CountDeploymentsAsync([.. shown.Select(flow => flow.Id)], http.RequestAborted);
        var pager = PagerModel.At(
            offset,
            shown.Count,
            TabReader.PageSize,
            found.Count > TabReader.PageSize,
            at => links[Links.Query("/flows", ("q", text), ("offset", at > 0 ? at : null))]
        );
        return PageResult.Of<FlowsPage>(new FlowsModel([.. shown.Select(flow => (flow, counts[flow.Id]))], text, pager));
    }

    private static async Task<IResult> ReadAsync(
        Guid id,
        HttpContext http,
        FlowService flows,
        DeploymentQueries deployments,
        RunRows rows,
        RunCounts counts,
        TimeProvider time
    )
    {
        if (await flows.GetAsync(id, http.RequestAborted) is not { } flow)
        {
            return PageErrors.Show(http, StatusCodes.Status404NotFound, "There is no such flow. It may have been deleted.");
        }

        FlowFilter ofFlow = new() { Id = new IdFilter { Any = [id] } };
        var now = time.GetUtcNow();
        HistoryQuery history = new()
        {
            Flows = ofFlow,
            HistoryStart = now - Looked,
            HistoryEnd = now,
            HistoryIntervalSeconds = Looked.TotalSeconds,
        };
        var ended = (await counts.FlowRunHistoryAsync(history, http.RequestAborted))
            .SelectMany(interval => interval.States)
            .Where(state => state.StateType.IsFinal())
            .GroupBy(state => state.StateType)
            .ToDictionary(states => states.Key, states => states.Sum(state => state.CountRuns));
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
                ended
            )
        );
    }
}
