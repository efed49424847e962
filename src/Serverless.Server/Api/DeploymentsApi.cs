using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Deployments;
using Serverless.Server.Runs;

namespace Serverless.Server.Api;

/// <summary>Deployments.</summary>
internal static class DeploymentsApi
{
    public static void MapDeploymentsApi(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/deployments");
        group.MapGet("/name/{flow}/{deployment}", ReadByNameAsync);
        group.MapPost("/filter", FilterAsync);
        group.MapPost("/{id:guid}/create_flow_run", CreateFlowRunAsync);
    }

    private static async Task<IResult> ReadByNameAsync(string flow, string deployment, HttpContext http, DeploymentService deployments) =>
        await deployments.GetAsync(flow, deployment, http.RequestAborted) is { } found
            ? ApiResults.Json(found)
            : ApiResults.NotFound("Deployment not found");

    private static async Task<IResult> FilterAsync(HttpContext http, DeploymentQueries deployments)
    {
        DeploymentQuery query = await RequestBody.ReadOptionalAsync<DeploymentQuery>(http);
        Paging.Check(query.Offset, query.Limit);
        return ApiResults.Json(await deployments.FilterAsync(query, http.RequestAborted));
    }

    private static async Task<IResult> CreateFlowRunAsync(Guid id, HttpContext http, FlowRunService runs)
    {
        DeploymentFlowRunCreate request = await RequestBody.ReadAsync<DeploymentFlowRunCreate>(http);
        FlowRunCreated? created = await runs.CreateFromDeploymentAsync(id, request, cancellationToken: http.RequestAborted);
        return created is null ? ApiResults.NotFound("Deployment not found") : FlowRunsApi.Created(created);
    }
}
