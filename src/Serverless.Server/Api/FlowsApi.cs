using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Flows;

namespace Serverless.Server.Api;

/// <summary>Flows.</summary>
internal static class FlowsApi
{
    public static void MapFlowsApi(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/flows");
        group.MapPost("/", CreateAsync).WithMetadata(new BodyLimit(BodyLimit.Values));
        group.MapPost("/filter", FilterAsync).WithMetadata(new BodyLimit(BodyLimit.Query));
        group.MapGet("/{id:guid}", ReadAsync);
        group.MapGet("/name/{name}", ReadByNameAsync);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, FlowService flows)
    {
        var request = await RequestBody.ReadAsync<FlowCreate>(http);
        WireName.Check(request.Name);
        var created = await flows.CreateAsync(request, http.RequestAborted);
        return ApiResults.Json(created.Flow, created.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> FilterAsync(HttpContext http, FlowQueries flows)
    {
        var query = await RequestBody.ReadOptionalAsync<FlowQuery>(http);
        Paging.Check(query.Offset, query.Limit);
        return ApiResults.Json(await flows.FilterAsync(query, http.RequestAborted));
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext http, FlowService flows) =>
        await flows.GetAsync(id, http.RequestAborted) is { } flow ? ApiResults.Json(flow) : ApiResults.NotFound("Flow not found");

    private static async Task<IResult> ReadByNameAsync(string name, HttpContext http, FlowService flows) =>
        await flows.GetAsync(name, http.RequestAborted) is { } flow ? ApiResults.Json(flow) : ApiResults.NotFound("Flow not found");
}
