using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Http;
using Serverless.Core.Models;
using Serverless.Server.Runs;

namespace Serverless.Api;

/// <summary>How the task runs and subflow runs of a flow run depend on each other.</summary>
internal static class FlowRunGraphsApi
{
    public static void MapFlowRunGraphsApi(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/flow_runs/{id:guid}").WithTags("Flow Runs");
        group
            .MapGet("/graph", ReadTaskRunsAsync)
            .Operation<IReadOnlyList<TaskRunDependencies>>("read_flow_run_graph_v1_flow_runs__id__graph_get")
            .Refuses(StatusCodes.Status400BadRequest);
        group
            .MapGet("/graph-v2", ReadAsync)
            .Operation<FlowRunGraph>("read_flow_run_graph_v2_flow_runs__id__graph_v2_get")
            .Refuses(StatusCodes.Status400BadRequest)
            .Reads<DateTimeOffset>("since", isRequired: false);
    }

    private static async Task<IResult> ReadTaskRunsAsync(Guid id, HttpContext http, FlowRunGraphs graphs) =>
        await graphs.ReadTaskRunsAsync(id, http.RequestAborted) is { } runs
            ? ApiResults.Json(runs)
            : ApiResults.Exception(StatusCodes.Status404NotFound, $"Flow run with id {id} not found");

    private static async Task<IResult> ReadAsync(Guid id, HttpContext http, FlowRunGraphs graphs) =>
        await graphs.ReadAsync(id, QueryTimes.Optional(http, "since") ?? DateTimeOffset.MinValue, http.RequestAborted) is { } graph
            ? ApiResults.Json(graph)
            : ApiResults.Exception(StatusCodes.Status404NotFound, $"Flow run {id} not found");
}
