using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Runs;

namespace Serverless.Server.Api;

/// <summary>Task runs.</summary>
internal static class TaskRunsApi
{
    // Prefect's words, without "run".
    private const string NotFound = "Task not found";

    public static void MapTaskRunsApi(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/task_runs");
        group.MapPost("/", CreateAsync).WithMetadata(new BodyLimit(BodyLimit.Values));
        group.MapPost("/filter", FilterAsync).WithMetadata(new BodyLimit(BodyLimit.Query));
        group.MapPost("/count", CountAsync).WithMetadata(new BodyLimit(BodyLimit.Query));
        group.MapGet("/{id:guid}", ReadAsync);
        group.MapDelete("/{id:guid}", DeleteAsync);
        group.MapGet("/{id:guid}/result", ReadResultAsync);
        group.MapPost("/{id:guid}/set_state", SetStateAsync).WithMetadata(new BodyLimit(BodyLimit.Values));
    }

    private static async Task<IResult> CreateAsync(HttpContext http, RunGate gate)
    {
        var request = await RequestBody.ReadAsync<TaskRunCreate>(http);
        TaskRunCreateChecks.Check(request);
        var created = await gate.CreateTaskRunAsync(request with { TaskInputs = Normalized(request.TaskInputs) }, http.RequestAborted);
        return ApiResults.Json(created.Run, created.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static Dictionary<string, IReadOnlyList<TaskRunInput>>? Normalized(
        IReadOnlyDictionary<string, IReadOnlyList<TaskRunInput>>? inputs
    ) =>
        inputs?.ToDictionary(input => input.Key, IReadOnlyList<TaskRunInput> (input) => [.. input.Value.Select(item => item.Normalized())]);

    private static async Task<IResult> SetStateAsync(Guid id, HttpContext http, RunGate gate, TimeProvider time)
    {
        var request = await RequestBody.ReadAsync<SetStateRequest>(http);
        var before = WireClock.Now(time);
        var answer = await gate.SetTaskRunStateAsync(id, request.State, request.Force, cancellationToken: http.RequestAborted);
        return answer.ToResult() is { } result ? ApiResults.Transition(result, before) : ApiResults.NotFound(NotFound);
    }

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext http, TaskRunService runs) =>
        await runs.DeleteAsync(id, http.RequestAborted) ? TypedResults.NoContent() : ApiResults.NotFound(NotFound);

    private static async Task<IResult> FilterAsync(HttpContext http, TaskRunService runs)
    {
        var query = await RequestBody.ReadOptionalAsync<TaskRunQuery>(http);
        Paging.Check(query.Offset, query.Limit);
        return ApiResults.Json(await runs.FilterAsync(query, http.RequestAborted));
    }

    private static async Task<IResult> CountAsync(HttpContext http, TaskRunService runs)
    {
        var query = await RequestBody.ReadOptionalAsync<TaskRunQuery>(http);
        return ApiResults.JsonText((await runs.CountAsync(query, http.RequestAborted)).ToString());
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext http, TaskRunService runs) =>
        await runs.GetAsync(id, http.RequestAborted) is { } run ? ApiResults.Json(run) : ApiResults.NotFound(NotFound);

    private static async Task<IResult> ReadResultAsync(Guid id, HttpContext http, TaskRunService runs) =>
        await runs.GetResultAsync(id, http.RequestAborted) is { } result
            ? ResultAnswers.Of(result, "Task run")
            : ApiResults.NotFound(NotFound);
}
