using System.Globalization;
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
        group.MapPatch("/{id:guid}", UpdateAsync).Operation("update_flow_flows__id__patch");
        group.MapDelete("/{id:guid}", DeleteAsync).Operation("delete_flow_flows__id__delete").Refuses(StatusCodes.Status409Conflict);
        group
            .MapPost("/bulk_delete", BulkDeleteAsync)
            .Operation<BulkDeleted>("bulk_delete_flows_flows_bulk_delete_post")
            .Limit(BodyLimit.Query);
        group.MapPost("/count", CountAsync).Operation<int>("count_flows_flows_count_post").Limit(BodyLimit.Query);
        group.MapPost("/paginate", PaginateAsync).Operation<ListPage<Flow>>("paginate_flows_flows_paginate_post").Limit(BodyLimit.Query);
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

    private static async Task<IResult> UpdateAsync(Guid id, Body<FlowUpdate> body, HttpContext http, FlowService flows) =>
        Answer(await flows.UpdateAsync(id, body.Value, http.RequestAborted));

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext http, FlowControl control) =>
        Answer(await control.DeleteAsync(id, http.RequestAborted));

    private static async Task<IResult> BulkDeleteAsync(OptionalBody<FlowBulkDelete> body, HttpContext http, FlowControl control) =>
        ApiResults.Json(await control.DeleteAsync(body.Value, http.RequestAborted));

    private static IResult Answer(bool found) => found ? TypedResults.NoContent() : ApiResults.NotFound("Flow not found");

    private static async Task<IResult> CountAsync(OptionalBody<RunCountQuery> body, HttpContext http, FlowQueries flows) =>
        ApiResults.JsonText(
            (await flows.CountAsync(body.Value.Of<FlowQuery>(), http.RequestAborted)).ToString(CultureInfo.InvariantCulture)
        );

    private static async Task<IResult> PaginateAsync(OptionalBody<FlowPageQuery> body, HttpContext http, FlowQueries flows)
    {
        var query = body.Value;
        var list = query.List();
        var results = await flows.FilterAsync(list, http.RequestAborted);
        return ApiResults.Json(query.PageOf(results, await flows.CountAsync(list, http.RequestAborted)));
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext http, FlowService flows) =>
        await flows.GetAsync(id, http.RequestAborted) is { } flow ? ApiResults.Json(flow) : ApiResults.NotFound("Flow not found");

    private static async Task<IResult> ReadByNameAsync(string name, HttpContext http, FlowService flows) =>
        await flows.GetAsync(name, http.RequestAborted) is { } flow ? ApiResults.Json(flow) : ApiResults.NotFound("Flow not found");
}
