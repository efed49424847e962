using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Flows;

namespace Serverless.Api;

/// <summary>Flows.</summary>
internal static class FlowsApi
{
    public static void MapFlowsApi(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/flows").WithTags("Flows");
        group
            .MapPost("/", CreateAsync)
            .Operation<Flow>("create_flow_flows__post", StatusCodes.Status200OK, StatusCodes.Status201Created)
            .Limit(BodyLimit.Values);
        group.MapPost("/filter", FilterAsync).Operation<IReadOnlyList<Flow>>("read_flows_flows_filter_post").Limit(BodyLimit.Query);
        group.MapGet("/{id:guid}", ReadAsync).Operation<Flow>("read_flow_flows__id__get");
        group.MapGet("/name/{name}", ReadByNameAsync).Operation<Flow>("read_flow_by_name_flows_name__name__get");
    }

    private static async Task<IResult> CreateAsync(Body<FlowCreate> body, HttpContext http, FlowService flows)
    {
        var request = body.Value;
        var created = await flows.CreateAsync(request, http.RequestAborted);
        return ApiResults.Json(created.Flow, created.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> FilterAsync(OptionalBody<FlowQuery> body, HttpContext http, FlowQueries flows)
    {
        var query = body.Value;
        return ApiResults.Json(await flows.FilterAsync(query, http.RequestAborted));
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext http, FlowService flows) =>
        await flows.GetAsync(id, http.RequestAborted) is { } flow ? ApiResults.Json(flow) : ApiResults.NotFound("Flow not found");

    private static async Task<IResult> ReadByNameAsync(string name, HttpContext http, FlowService flows) =>
        await flows.GetAsync(name, http.RequestAborted) is { } flow ? ApiResults.Json(flow) : ApiResults.NotFound("Flow not found");
}
