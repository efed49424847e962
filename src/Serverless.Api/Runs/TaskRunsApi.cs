using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server;
using Serverless.Server.Runs;

namespace Serverless.Api;

/// <summary>Task runs.</summary>
internal static class TaskRunsApi
{
    // Prefect's words, without "run".
    private const string NotFound = "Task not found";

    public static void MapTaskRunsApi(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/task_runs").WithTags("Task Runs");
        group
            .MapPost("/", CreateAsync)
            .Operation<TaskRun>("create_task_run_task_runs__post", StatusCodes.Status200OK, StatusCodes.Status201Created)
            .Refuses(StatusCodes.Status409Conflict)
            .Limit(BodyLimit.Values);
        group
            .MapPost("/filter", FilterAsync)
            .Operation<IReadOnlyList<TaskRun>>("read_task_runs_task_runs_filter_post")
            .Limit(BodyLimit.Query);
        group.MapPost("/count", CountAsync).Operation<int>("count_task_runs_task_runs_count_post").Limit(BodyLimit.Query);
        group
            .MapPost("/paginate", PaginateAsync)
            .Operation<ListPage<TaskRun>>("paginate_task_runs_task_runs_paginate_post")
            .Limit(BodyLimit.Query);
        group
            .MapPost("/history", ReadHistoryAsync)
            .Operation<IReadOnlyList<HistoryInterval>>("task_run_history_task_runs_history_post")
            .Limit(BodyLimit.Query);
        group.MapGet("/{id:guid}", ReadAsync).Operation<TaskRun>("read_task_run_task_runs__id__get");
        group.MapPatch("/{id:guid}", UpdateAsync).Operation("update_task_run_task_runs__id__patch");
        group
            .MapDelete("/{id:guid}", DeleteAsync)
            .Operation("delete_task_run_task_runs__id__delete")
            .Refuses(StatusCodes.Status409Conflict);
        group
            .MapGet("/{id:guid}/result", ReadResultAsync)
            .Operation<JsonElement>("read_task_run_result_task_runs__id__result_get")
            .Refuses(StatusCodes.Status409Conflict)
            .Refuses(StatusCodes.Status410Gone);
        group
            .MapPost("/{id:guid}/set_state", SetStateAsync)
            .Operation<OrchestrationResult>(
                "set_task_run_state_task_runs__id__set_state_post",
                StatusCodes.Status200OK,
                StatusCodes.Status201Created
            )
            .Limit(BodyLimit.Values);
    }

    private static async Task<IResult> CreateAsync(Body<TaskRunCreate> body, HttpContext http, RunGate gate)
    {
        var request = body.Value;
        var created = await gate.CreateTaskRunAsync(request with { TaskInputs = Normalized(request.TaskInputs) }, http.RequestAborted);
        return ApiResults.Json(created.Run, created.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static Dictionary<string, IReadOnlyList<TaskRunInput>>? Normalized(
        IReadOnlyDictionary<string, IReadOnlyList<TaskRunInput>>? inputs
    ) =>
        inputs?.ToDictionary(input => input.Key, IReadOnlyList<TaskRunInput> (input) => [.. input.Value.Select(item => item.Normalized())]);

    private static async Task<IResult> SetStateAsync(Guid id, Body<SetStateRequest> body, HttpContext http, RunGate gate, TimeProvider time)
    {
        var request = body.Value;
        var before = WireClock.Now(time);
        var answer = await gate.SetTaskRunStateAsync(id, request.State, request.Force, cancellationToken: http.RequestAborted);
        return answer.ToResult() is { } result ? ApiResults.Transition(result, before) : ApiResults.NotFound(NotFound);
    }

    private static async Task<IResult> UpdateAsync(Guid id, Body<TaskRunUpdate> body, HttpContext http, RunEdits edits) =>
        await edits.UpdateAsync(id, body.Value, http.RequestAborted) ? TypedResults.NoContent() : ApiResults.NotFound("Task run not found");

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext http, TaskRunService runs) =>
        await runs.DeleteAsync(id, http.RequestAborted) ? TypedResults.NoContent() : ApiResults.NotFound(NotFound);

    private static async Task<IResult> FilterAsync(OptionalBody<TaskRunQuery> body, HttpContext http, TaskRunService runs)
    {
        var query = body.Value;
        return ApiResults.Json(await runs.FilterAsync(query, http.RequestAborted));
    }

    private static async Task<IResult> CountAsync(OptionalBody<RunCountQuery> body, HttpContext http, TaskRunService runs)
    {
        var query = body.Value.Of<TaskRunQuery>();
        return ApiResults.JsonText((await runs.CountAsync(query, http.RequestAborted)).ToString());
    }

    private static async Task<IResult> PaginateAsync(OptionalBody<TaskRunPageQuery> body, HttpContext http, TaskRunService runs)
    {
        var query = body.Value;
        var list = query.List();
        var results = await runs.FilterAsync(list, http.RequestAborted);
        return ApiResults.Json(query.PageOf(results, await runs.CountAsync(list, http.RequestAborted)));
    }

    private static async Task<IResult> ReadHistoryAsync(Body<HistoryQuery> body, HttpContext http, RunCounts counts) =>
        ApiResults.Json(await counts.TaskRunHistoryAsync(body.Value, http.RequestAborted));

    private static async Task<IResult> ReadAsync(Guid id, HttpContext http, TaskRunService runs) =>
        await runs.GetAsync(id, http.RequestAborted) is { } run ? ApiResults.Json(run) : ApiResults.NotFound(NotFound);

    private static async Task<IResult> ReadResultAsync(Guid id, HttpContext http, TaskRunService runs) =>
        await runs.GetResultAsync(id, http.RequestAborted) is { } result
            ? await ResultAnswers.StoredAsync(result, http) ?? ResultAnswers.Of(result, "Task run")
            : ApiResults.NotFound(NotFound);
}
