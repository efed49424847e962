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
        var group = api.MapGroup("/deployments");
        group.MapGet("/name/{flow}/{deployment}", ReadByNameAsync);
        group.MapPost("/filter", FilterAsync).WithMetadata(new BodyLimit(BodyLimit.Query));
        group.MapGet("/{id:guid}", ReadAsync);
        group.MapPatch("/{id:guid}", UpdateAsync);
        group.MapPost("/{id:guid}/create_flow_run", CreateFlowRunAsync).WithMetadata(new BodyLimit(BodyLimit.Values));
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

    private static async Task<IResult> FilterAsync(HttpContext http, DeploymentQueries deployments, ConcurrencyLimits limits)
    {
        var query = await RequestBody.ReadOptionalAsync<DeploymentQuery>(http);
        Paging.Check(query.Offset, query.Limit);
        return ApiResults.Json(await limits.ShowAsync(await deployments.FilterAsync(query, http.RequestAborted), http.RequestAborted));
    }

    private static async Task<IResult> UpdateAsync(Guid id, HttpContext http, DeploymentService deployments, ConcurrencyLimits limits)
    {
        var request = await RequestBody.ReadOptionalAsync(http, ApiContext.Default.DeploymentUpdateBody);
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

        Ranges.AtLeast(request.ConcurrencyLimit, 0, "body", "concurrency_limit");
        Ranges.AtLeast(request.ConcurrencyOptions?.GracePeriodSeconds, 60, "body", "concurrency_options", "grace_period_seconds");
        Ranges.AtMost(request.ConcurrencyOptions?.GracePeriodSeconds, 86_400, "body", "concurrency_options", "grace_period_seconds");
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

    private static async Task<IResult> CreateFlowRunAsync(Guid id, HttpContext http, FlowRunService runs, ParameterSize size)
    {
        var request = await RequestBody.ReadAsync<DeploymentFlowRunCreate>(http);
        size.Check(http.Request, request.Parameters);
        var created = await runs.CreateFromDeploymentAsync(id, request, cancellationToken: http.RequestAborted);
        return created is null ? ApiResults.NotFound(NotFound) : FlowRunsApi.Created(created);
    }
}
