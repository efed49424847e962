using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Bodies;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server;
using Serverless.Server.Concurrency;
using Serverless.Server.Deployments;
using Serverless.Server.Deployments.Scheduling;
using Serverless.Server.Runs;

namespace Serverless.Api;

/// <summary>Deployments.</summary>
internal static class DeploymentsApi
{
    private const string NotFound = "Deployment not found";

    public static void MapDeploymentsApi(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/deployments").WithTags("Deployments");
        group
            .MapGet("/name/{flowName}/{deploymentName}", ReadByNameAsync)
            .Operation<Deployment>("read_deployment_by_name_deployments_name__flow_name___deployment_name__get");
        group
            .MapPost("/filter", FilterAsync)
            .Operation<IReadOnlyList<Deployment>>("read_deployments_deployments_filter_post")
            .Limit(BodyLimit.Query);
        group.MapGet("/{id:guid}", ReadAsync).Operation<Deployment>("read_deployment_deployments__id__get");
        group
            .MapPost("/", CreateAsync)
            .Operation<Deployment>("create_deployment_deployments__post", StatusCodes.Status200OK, StatusCodes.Status201Created)
            .Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict)
            .Limit(BodyLimit.Values);
        group
            .MapPatch("/{id:guid}", UpdateAsync)
            .Operation("update_deployment_deployments__id__patch")
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict)
            .Limit(BodyLimit.Values);
        group.MapDelete("/{id:guid}", DeleteAsync).Operation("delete_deployment_deployments__id__delete");
        group
            .MapPost("/bulk_delete", BulkDeleteAsync)
            .Operation<BulkDeleted>("bulk_delete_deployments_deployments_bulk_delete_post")
            .Limit(BodyLimit.Query);
        group.MapPost("/count", CountAsync).Operation<int>("count_deployments_deployments_count_post").Limit(BodyLimit.Query);
        group
            .MapPost("/paginate", PaginateAsync)
            .Operation<ListPage<Deployment>>("paginate_deployments_deployments_paginate_post")
            .Limit(BodyLimit.Query);
        group
            .MapPost("/get_scheduled_flow_runs", GetScheduledAsync)
            .Operation<IReadOnlyList<FlowRun>>("get_scheduled_flow_runs_for_deployments_deployments_get_scheduled_flow_runs_post")
            .Limit(BodyLimit.Query);
        group
            .MapPost(
                "/{id:guid}/pause_deployment",
                (Guid id, HttpContext http, DeploymentControl control) => PauseAsync(id, true, http, control)
            )
            .Operation<object>("pause_deployment_deployments__id__pause_deployment_post");
        group
            .MapPost(
                "/{id:guid}/resume_deployment",
                (Guid id, HttpContext http, DeploymentControl control) => PauseAsync(id, false, http, control)
            )
            .Operation<object>("resume_deployment_deployments__id__resume_deployment_post");
        group
            .MapGet("/{id:guid}/work_queue_check", CheckQueuesAsync)
            .Operation<IReadOnlyList<object>>("work_queue_check_for_deployment_deployments__id__work_queue_check_get");
        group
            .MapGet("/{id:guid}/schedules", ReadSchedulesAsync)
            .Operation<IReadOnlyList<DeploymentSchedule>>("read_deployment_schedules_deployments__id__schedules_get");
        group
            .MapPost("/{id:guid}/schedules", CreateSchedulesAsync)
            .Operation<IReadOnlyList<DeploymentSchedule>>(
                "create_deployment_schedules_deployments__id__schedules_post",
                StatusCodes.Status201Created
            )
            .Refuses(StatusCodes.Status409Conflict)
            .Limit(BodyLimit.Values);
        group
            .MapPatch("/{id:guid}/schedules/{scheduleId:guid}", UpdateScheduleAsync)
            .Operation("update_deployment_schedule_deployments__id__schedules__schedule_id__patch")
            .Refuses(StatusCodes.Status409Conflict)
            .Limit(BodyLimit.Values);
        group
            .MapDelete("/{id:guid}/schedules/{scheduleId:guid}", DeleteScheduleAsync)
            .Operation("delete_deployment_schedule_deployments__id__schedules__schedule_id__delete");
        group.MapPost("/{id:guid}/schedule", ScheduleRunsAsync).Operation<object>("schedule_deployment_deployments__id__schedule_post");
        group
            .MapPost("/{id:guid}/create_flow_run/bulk", CreateFlowRunsAsync)
            .Operation<FlowRunsCreated>("bulk_create_flow_runs_from_deployment_deployments__id__create_flow_run_bulk_post")
            .Refuses(StatusCodes.Status400BadRequest)
            .Limit(BodyLimit.Values);
        group
            .MapPost("/{id:guid}/create_flow_run", CreateFlowRunAsync)
            .Operation<FlowRun>(
                "create_flow_run_from_deployment_deployments__id__create_flow_run_post",
                StatusCodes.Status200OK,
                StatusCodes.Status201Created
            )
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict)
            .Limit(BodyLimit.Values);
    }

    private static async Task<IResult> ReadByNameAsync(
        string flowName,
        string deploymentName,
        HttpContext http,
        DeploymentService deployments,
        ConcurrencyLimits limits
    ) => await ShowAsync(await deployments.GetAsync(flowName, deploymentName, http.RequestAborted), limits, http);

    private static async Task<IResult> ReadAsync(Guid id, HttpContext http, DeploymentService deployments, ConcurrencyLimits limits) =>
        await ShowAsync(await deployments.GetAsync(id, http.RequestAborted), limits, http);

    private static async Task<IResult> ShowAsync(Deployment? deployment, ConcurrencyLimits limits, HttpContext http) =>
        deployment is null
            ? ApiResults.NotFound(NotFound)
            : ApiResults.Json(DeploymentBodies.For(http.Request, await limits.ShowAsync(deployment, http.RequestAborted)));

    private static async Task<IResult> FilterAsync(
        OptionalBody<DeploymentQuery> body,
        HttpContext http,
        DeploymentQueries deployments,
        ConcurrencyLimits limits
    )
    {
        var query = body.Value;
        var found = await limits.ShowAsync(await deployments.FilterAsync(query, http.RequestAborted), http.RequestAborted);
        return ApiResults.Json(DeploymentBodies.For(http.Request, found));
    }

    private static async Task<IResult> CountAsync(OptionalBody<RunCountQuery> body, HttpContext http, DeploymentQueries deployments) =>
        ApiResults.JsonText(
            (await deployments.CountAsync(body.Value.Of<DeploymentQuery>(), http.RequestAborted)).ToString(CultureInfo.InvariantCulture)
        );

    private static async Task<IResult> PaginateAsync(
        OptionalBody<DeploymentPageQuery> body,
        HttpContext http,
        DeploymentQueries deployments,
        ConcurrencyLimits limits
    )
    {
        var query = body.Value;
        var list = query.List();
        var results = await limits.ShowAsync(await deployments.FilterAsync(list, http.RequestAborted), http.RequestAborted);
        var count = await deployments.CountAsync(list, http.RequestAborted);
        return ApiResults.Json(query.PageOf(DeploymentBodies.For(http.Request, results), count));
    }

    private static async Task<IResult> CreateAsync(
        Body<DeploymentCreate> body,
        HttpContext http,
        DeploymentControl control,
        ParameterSize size,
        TimeProvider time
    )
    {
        size.Check(http.Request, body.Value.Parameters ?? JsonObjects.Empty);
        ScheduleBodies.Check(body.Value, time.GetUtcNow());
        DeploymentLimitBodies.Check(body.Value);
        var created = await control.CreateAsync(body.Value, http.RequestAborted);
        var shown = DeploymentBodies.For(http.Request, created.Deployment);
        return ApiResults.Json(shown, created.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> UpdateAsync(
        Guid id,
        Body<DeploymentUpdate> body,
        HttpContext http,
        DeploymentControl control,
        ParameterSize size,
        TimeProvider time
    )
    {
        size.Check(http.Request, body.Value.Parameters ?? JsonObjects.Empty);
        ScheduleBodies.Check(body.Value, time.GetUtcNow());
        DeploymentLimitBodies.Check(body.Value);
        return Answer(await control.UpdateAsync(id, body.Value, http.RequestAborted));
    }

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext http, DeploymentControl control) =>
        Answer(await control.DeleteAsync(id, http.RequestAborted));

    private static async Task<IResult> BulkDeleteAsync(
        OptionalBody<DeploymentBulkDelete> body,
        HttpContext http,
        DeploymentControl control
    ) => ApiResults.Json(await control.DeleteAsync(body.Value, http.RequestAborted));

    private static async Task<IResult> GetScheduledAsync(Body<ScheduledRunsQuery> body, HttpContext http, DeploymentControl control) =>
        ApiResults.Json(await control.GetScheduledAsync(body.Value, http.RequestAborted));

    private static async Task<IResult> PauseAsync(Guid id, bool paused, HttpContext http, DeploymentControl control) =>
        await control.PauseAsync(id, paused, http.RequestAborted) ? ApiResults.JsonText("null") : ApiResults.NotFound(NotFound);

    /// <summary>There are no work queues: none waits for the deployment's runs.</summary>
    private static async Task<IResult> CheckQueuesAsync(Guid id, HttpContext http, DeploymentService deployments) =>
        await deployments.GetAsync(id, http.RequestAborted) is null ? ApiResults.NotFound(NotFound) : ApiResults.JsonText("[]");

    private static async Task<IResult> ReadSchedulesAsync(Guid id, HttpContext http, DeploymentService deployments) =>
        await deployments.GetAsync(id, http.RequestAborted) is { } deployment
            ? ApiResults.Json(deployment.Schedules)
            : ApiResults.NotFound(NotFound);

    private static async Task<IResult> CreateSchedulesAsync(
        Guid id,
        Body<IReadOnlyList<DeploymentScheduleCreate>> body,
        HttpContext http,
        DeploymentControl control,
        TimeProvider time
    )
    {
        ScheduleBodies.Check(body.Value, time.GetUtcNow());
        return await control.AddSchedulesAsync(id, body.Value, http.RequestAborted) is { } created
            ? ApiResults.Json(created, StatusCodes.Status201Created)
            : ApiResults.NotFound(NotFound);
    }

    private static async Task<IResult> UpdateScheduleAsync(
        Guid id,
        Guid scheduleId,
        Body<DeploymentScheduleUpdate> body,
        HttpContext http,
        DeploymentControl control,
        DeploymentService deployments,
        TimeProvider time
    )
    {
        ScheduleBodies.Check(body.Value, time.GetUtcNow());
        return await control.UpdateScheduleAsync(id, scheduleId, body.Value, http.RequestAborted)
            ? TypedResults.NoContent()
            : await NoScheduleAsync(id, http, deployments);
    }

    private static async Task<IResult> DeleteScheduleAsync(
        Guid id,
        Guid scheduleId,
        HttpContext http,
        DeploymentControl control,
        DeploymentService deployments
    ) =>
        await control.RemoveScheduleAsync(id, scheduleId, http.RequestAborted)
            ? TypedResults.NoContent()
            : await NoScheduleAsync(id, http, deployments);

    private static async Task<IResult> NoScheduleAsync(Guid id, HttpContext http, DeploymentService deployments) =>
        ApiResults.NotFound(await deployments.GetAsync(id, http.RequestAborted) is null ? NotFound : "Schedule not found.");

    /// <summary>As in Prefect, a deployment that is not there has no schedules to create runs for.</summary>
    private static async Task<IResult> ScheduleRunsAsync(
        Guid id,
        OptionalBody<ScheduleRunsRequest> body,
        HttpContext http,
        DeploymentScheduler scheduler
    )
    {
        await scheduler.CreateRunsAsync(id, body.Value, http.RequestAborted);
        return ApiResults.JsonText("null");
    }

    private static async Task<IResult> CreateFlowRunsAsync(
        Guid id,
        Body<IReadOnlyList<DeploymentFlowRunCreate>> body,
        HttpContext http,
        DeploymentControl control,
        ParameterSize size
    )
    {
        if (body.Value.Count > DeploymentControl.MostRuns)
        {
            throw new RequestRefusedException(
                StatusCodes.Status400BadRequest,
                $"Cannot create more than {DeploymentControl.MostRuns} flow runs at once."
            );
        }

        foreach (var request in body.Value)
        {
            size.Check(http.Request, request.Parameters);
        }

        return await control.CreateRunsAsync(id, body.Value, http.RequestAborted) is { } created
            ? ApiResults.Json(created)
            : ApiResults.NotFound(NotFound);
    }

    private static IResult Answer(bool found) => found ? TypedResults.NoContent() : ApiResults.NotFound(NotFound);

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
