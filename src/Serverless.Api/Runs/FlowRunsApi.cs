using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Bodies;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server;
using Serverless.Server.Runs;

namespace Serverless.Api;

/// <summary>Flow runs.</summary>
internal static class FlowRunsApi
{
    private const string NotFound = "Flow run not found";

    public static void MapFlowRunsApi(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/flow_runs").WithTags("Flow Runs");
        group
            .MapPost("/", CreateAsync)
            .Operation<FlowRun>("create_flow_run_flow_runs__post", StatusCodes.Status200OK, StatusCodes.Status201Created)
            .Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict)
            .Limit(BodyLimit.Values);
        group
            .MapPost("/filter", FilterAsync)
            .Operation<IReadOnlyList<FlowRun>>("read_flow_runs_flow_runs_filter_post")
            .Limit(BodyLimit.Query);
        group.MapPost("/count", CountAsync).Operation<int>("count_flow_runs_flow_runs_count_post").Limit(BodyLimit.Query);
        group
            .MapPost("/paginate", PaginateAsync)
            .Operation<ListPage<FlowRun>>("paginate_flow_runs_flow_runs_paginate_post")
            .Limit(BodyLimit.Query);
        group
            .MapPost("/history", ReadHistoryAsync)
            .Operation<IReadOnlyList<HistoryInterval>>("flow_run_history_flow_runs_history_post")
            .Limit(BodyLimit.Query);
        group
            .MapPost("/lateness", ReadLatenessAsync)
            .Operation<double?>("average_flow_run_lateness_flow_runs_lateness_post")
            .Limit(BodyLimit.Query);
        group.MapGet("/{id:guid}", ReadAsync).Operation<FlowRun>("read_flow_run_flow_runs__id__get");
        group
            .MapPatch("/{id:guid}", UpdateAsync)
            .Operation("update_flow_run_flow_runs__id__patch")
            .Refuses(StatusCodes.Status400BadRequest)
            .Limit(BodyLimit.Values);
        group.MapPatch("/{id:guid}/labels", AddLabelsAsync).Operation("update_flow_run_labels_flow_runs__id__labels_patch");
        group
            .MapPost("/bulk_delete", BulkDeleteAsync)
            .Operation<BulkDeleted>("bulk_delete_flow_runs_flow_runs_bulk_delete_post")
            .Limit(BodyLimit.Query);
        group.MapDelete("/{id:guid}", DeleteAsync).Operation("delete_flow_run_flow_runs__id__delete");
        group
            .MapGet("/{id:guid}/result", ReadResultAsync)
            .Operation<JsonElement>("read_flow_run_result_flow_runs__id__result_get")
            .Refuses(StatusCodes.Status409Conflict)
            .Refuses(StatusCodes.Status410Gone);
        group
            .MapPost("/{id:guid}/set_state", SetStateAsync)
            .Operation<OrchestrationResult>(
                "set_flow_run_state_flow_runs__id__set_state_post",
                StatusCodes.Status200OK,
                StatusCodes.Status201Created
            )
            .Limit(BodyLimit.Values);
        group
            .MapPost("/bulk_set_state", BulkSetStateAsync)
            .Operation<BulkSetStateResponse>("bulk_set_flow_run_state_flow_runs_bulk_set_state_post")
            .Limit(BodyLimit.Values);
        group
            .MapPost("/{id:guid}/resume", ResumeAsync)
            .Operation<OrchestrationResult>(
                "resume_flow_run_flow_runs__id__resume_post",
                StatusCodes.Status200OK,
                StatusCodes.Status201Created
            )
            .Limit(BodyLimit.Values);
        group
            .MapPost("/{id:guid}/pause", PauseAsync)
            .Operation<OrchestrationResult>(
                "pause_flow_run_flow_runs__id__pause_post",
                StatusCodes.Status200OK,
                StatusCodes.Status201Created
            );
        group
            .MapPost("/{id:guid}/suspend", SuspendAsync)
            .Operation<OrchestrationResult>(
                "suspend_flow_run_flow_runs__id__suspend_post",
                StatusCodes.Status200OK,
                StatusCodes.Status201Created
            );
        group
            .MapPost("/{id:guid}/cancel", CancelAsync)
            .Operation<OrchestrationResult>(
                "cancel_flow_run_flow_runs__id__cancel_post",
                StatusCodes.Status200OK,
                StatusCodes.Status201Created
            );
    }

    public static IResult Created(FlowRunCreated created) =>
        ApiResults.Json(created.Run, created.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK);

    private static async Task<IResult> CreateAsync(Body<FlowRunCreate> body, HttpContext http, FlowRunService runs, ParameterSize size)
    {
        var request = body.Value;
        size.Check(http.Request, request.Parameters);
        return Created(await runs.CreateAsync(request, cancellationToken: http.RequestAborted));
    }

    private static async Task<IResult> FilterAsync(OptionalBody<FlowRunQuery> body, HttpContext http, FlowRunService runs)
    {
        var query = body.Value;
        return ApiResults.Json(await runs.FilterAsync(query, http.RequestAborted));
    }

    private static async Task<IResult> CountAsync(OptionalBody<RunCountQuery> body, HttpContext http, FlowRunService runs)
    {
        var query = body.Value.Of<FlowRunQuery>();
        return ApiResults.JsonText((await runs.CountAsync(query, http.RequestAborted)).ToString());
    }

    private static async Task<IResult> PaginateAsync(OptionalBody<FlowRunPageQuery> body, HttpContext http, FlowRunService runs)
    {
        var query = body.Value;
        var list = query.List();
        var results = await runs.FilterAsync(list, http.RequestAborted);
        return ApiResults.Json(query.PageOf(results, await runs.CountAsync(list, http.RequestAborted)));
    }

    private static async Task<IResult> ReadHistoryAsync(Body<HistoryQuery> body, HttpContext http, RunCounts counts) =>
        ApiResults.Json(await counts.FlowRunHistoryAsync(body.Value, http.RequestAborted));

    private static async Task<IResult> ReadLatenessAsync(OptionalBody<RunCountQuery> body, HttpContext http, RunCounts counts) =>
        ApiResults.JsonText(
            await counts.AverageLatenessAsync(body.Value, http.RequestAborted) is { } seconds
                ? seconds.ToString("R", CultureInfo.InvariantCulture)
                : "null"
        );

    private static async Task<IResult> ReadAsync(Guid id, HttpContext http, FlowRunService runs) =>
        await runs.GetAsync(id, http.RequestAborted) is { } run ? ApiResults.Json(run) : ApiResults.NotFound(NotFound);

    private static async Task<IResult> UpdateAsync(Guid id, Body<FlowRunUpdate> body, HttpContext http, RunEdits edits, ParameterSize size)
    {
        size.Check(http.Request, body.Value.Parameters ?? JsonObjects.Empty);
        return await edits.UpdateAsync(id, body.Value, http.RequestAborted) ? TypedResults.NoContent() : ApiResults.NotFound(NotFound);
    }

    private static async Task<IResult> AddLabelsAsync(
        Guid id,
        Body<IReadOnlyDictionary<string, JsonElement>> body,
        HttpContext http,
        RunEdits edits
    ) => await edits.AddLabelsAsync(id, body.Value, http.RequestAborted) ? TypedResults.NoContent() : NotFoundWith(id);

    private static async Task<IResult> BulkDeleteAsync(OptionalBody<FlowRunBulkDelete> body, HttpContext http, FlowRunBulk bulk) =>
        ApiResults.Json(await bulk.DeleteAsync(body.Value, http.RequestAborted));

    /// <summary>Some operations of Prefect say it in this form.</summary>
    private static IResult NotFoundWith(Guid id) => ApiResults.Exception(StatusCodes.Status404NotFound, $"Flow run with id {id} not found");

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext http, FlowRunService runs) =>
        await runs.DeleteAsync(id, http.RequestAborted) ? TypedResults.NoContent() : ApiResults.NotFound(NotFound);

    private static async Task<IResult> ReadResultAsync(Guid id, HttpContext http, FlowRunService runs) =>
        await runs.GetResultAsync(id, http.RequestAborted) is { } result
            ? await ResultAnswers.StoredAsync(result, http) ?? ResultAnswers.Of(result, "Flow run")
            : ApiResults.NotFound(NotFound);

    private static async Task<IResult> SetStateAsync(Guid id, Body<SetStateRequest> body, HttpContext http, RunGate gate, TimeProvider time)
    {
        var request = body.Value;
        var before = WireClock.Now(time);
        return Answer(
            await gate.SetFlowRunStateAsync(
                id,
                request.State,
                request.Force,
                ClientVersion.FromUserAgent(http.Request.Headers.UserAgent),
                cancellationToken: http.RequestAborted
            ),
            before
        );
    }

    private static async Task<IResult> BulkSetStateAsync(Body<BulkSetStateRequest> body, HttpContext http, FlowRunBulk bulk)
    {
        var request = body.Value;
        return ApiResults.Json(
            await bulk.SetStateAsync(request, ClientVersion.FromUserAgent(http.Request.Headers.UserAgent), http.RequestAborted)
        );
    }

    private static async Task<IResult> ResumeAsync(
        Guid id,
        OptionalBody<ResumeFlowRunRequest> body,
        HttpContext http,
        FlowRunControl control,
        TimeProvider time
    )
    {
        var request = body.Value;
        var before = WireClock.Now(time);
        return Answer(await control.ResumeAsync(id, request.RunInput, http.RequestAborted), before);
    }

    private static async Task<IResult> PauseAsync(
        Guid id,
        OptionalBody<PauseRequestBody> body,
        HttpContext http,
        FlowRunControl control,
        TimeProvider time
    )
    {
        var request = body.Value;
        var before = WireClock.Now(time);
        return Answer(await control.PauseAsync(id, Timeout(request), request.Message, http.RequestAborted), before);
    }

    private static async Task<IResult> SuspendAsync(
        Guid id,
        OptionalBody<PauseRequestBody> body,
        HttpContext http,
        FlowRunControl control,
        TimeProvider time
    )
    {
        var request = body.Value;
        var before = WireClock.Now(time);
        return Answer(await control.SuspendAsync(id, Timeout(request), request.Message, http.RequestAborted), before);
    }

    private static async Task<IResult> CancelAsync(
        Guid id,
        OptionalBody<CancelRequestBody> body,
        HttpContext http,
        FlowRunControl control,
        TimeProvider time
    )
    {
        var request = body.Value;
        var before = WireClock.Now(time);
        return Answer(await control.CancelAsync(id, request.Message, http.RequestAborted), before);
    }

    private static IResult Answer(GateAnswer answer, DateTimeOffset before) =>
        answer.ToResult() is { } result ? ApiResults.Transition(result, before) : ApiResults.NotFound(NotFound);

    private static TimeSpan Timeout(PauseRequestBody request) =>
        request.TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : FlowRunControl.DefaultPauseTimeout;
}
