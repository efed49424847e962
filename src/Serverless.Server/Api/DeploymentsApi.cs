using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Concurrency;
using Serverless.Server.Deployments;
using Serverless.Server.Runs;

namespace Serverless.Server.Api;

/// <summary>Deployments.</summary>
internal static class DeploymentsApi
{
    private const string NotFound = "Deployment not found";

    public static void MapDeploymentsApi(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/deployments").WithTags("Deployments");
        group
            .MapGet("/name/{flow}/{deployment}", ReadByNameAsync)
            .Operation<Deployment>("read_deployment_by_name_deployments_name__flow_name___deployment_name__get");
        group
            .MapPost("/filter", FilterAsync)
            .Operation<IReadOnlyList<Deployment>>("read_deployments_deployments_filter_post")
            .Limit(BodyLimit.Query);
        group.MapGet("/{id:guid}", ReadAsync).Operation<Deployment>("read_deployment_deployments__id__get");
        group.MapPatch("/{id:guid}", UpdateAsync).Operation("update_deployment_deployments__id__patch");
        group
            .MapPost("/{id:guid}/create_flow_run", CreateFlowRunAsync)
            .Operation<FlowRun>(
                "create_flow_run_from_deployment_deployments__id__create_flow_run_post",
                StatusCodes.Status200OK,
                StatusCodes.Status201Created
            )
            .Limit(BodyLimit.Values);
    }

    private static async Task<IResult> ReadByNameAsync(
        string flow,
        string deployment,
        HttpContext http,
        DeploymentService deployments,
        ConcurrencyLimits limits
    ) => await ShowAsync(await deployments.GetAsync(flow, deployment, http.RequestAborted), limits, http.RequestAborted);

    private static async Task<IResult> ReadAsync(Guid id, HttpContext http, DeploymentService deployments, ConcurrencyLimits limits) =>
        await ShowAsync(await deployments.GetAsync(id, http.RequestAborted), limits, http.RequestAborted);

    private static async Task<IResult> ShowAsync(Deployment? deployment, ConcurrencyLimits limits, CancellationToken cancellationToken) =>
        deployment is null ? ApiResults.NotFound(NotFound) : ApiResults.Json(await limits.ShowAsync(deployment, cancellationToken));

    private static async Task<IResult> FilterAsync(
        OptionalBody<DeploymentQuery> body,
        HttpContext http,
        DeploymentQueries deployments,
        ConcurrencyLimits limits
    )
    {
        var query = body.Value;
        return ApiResults.Json(await limits.ShowAsync(await deployments.FilterAsync(query, http.RequestAborted), http.RequestAborted));
    }

    private static async Task<IResult> UpdateAsync(
        Guid id,
        OptionalBody<DeploymentUpdateBody> body,
        HttpContext http,
        DeploymentService deployments,
        ConcurrencyLimits limits
    )
    {
        var request = body.Value;
        if (await deployments.GetAsync(id, http.RequestAborted) is null)
        {
            return ApiResults.NotFound(NotFound);
        }

        if (request.Others?.Keys.FirstOrDefault() is { } other)
        {
            throw new RequestRefusedException(
                StatusCodes.Status422UnprocessableEntity,
                $"Deployments are made by the code of their flows: '{other}' cannot be changed here."
            );
        }

        if (
            request.HasConcurrencyOptions
            && !await deployments.SetConcurrencyOptionsAsync(id, request.ConcurrencyOptions, http.RequestAborted)
        )
        {
            return ApiResults.NotFound(NotFound);
        }

        if (request.HasConcurrencyLimit)
        {
            await limits.SetDeploymentLimitAsync(id, request.ConcurrencyLimit, http.RequestAborted);
        }

        return TypedResults.NoContent();
    }

    private static async Task<IResult> CreateFlowRunAsync(
        Guid id,
        Body<DeploymentFlowRunCreate> body,
        HttpContext http,
        FlowRunService runs,
        ParameterSize size
    )
    {
        var request = body.Value;
        size.Check(http.Request, request.Parameters);
        var created = await runs.CreateFromDeploymentAsync(id, request, cancellationToken: http.RequestAborted);
        return created is null ? ApiResults.NotFound(NotFound) : FlowRunsApi.Created(created);
    }
}
