using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Runs;

namespace Serverless.Server.Api;

/// <summary>Flow runs.</summary>
internal static class FlowRunsApi
{
    private const string NotFound = "Flow run not found";

    public static void MapFlowRunsApi(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/flow_runs");
        group.MapPost("/", CreateAsync).WithMetadata(new BodyLimit(BodyLimit.Values));
        group.MapPost("/filter", FilterAsync).WithMetadata(new BodyLimit(BodyLimit.Query));
        group.MapPost("/count", CountAsync).WithMetadata(new BodyLimit(BodyLimit.Query));
        group.MapGet("/{id:guid}", ReadAsync);
        group.MapDelete("/{id:guid}", DeleteAsync);
        group.MapGet("/{id:guid}/result", ReadResultAsync);
        group.MapPost("/{id:guid}/set_state", SetStateAsync).WithMetadata(new BodyLimit(BodyLimit.Values));
        group.MapPost("/bulk_set_state", BulkSetStateAsync).WithMetadata(new BodyLimit(BodyLimit.Values));
        group.MapPost("/{id:guid}/resume", ResumeAsync).WithMetadata(new BodyLimit(BodyLimit.Values));
        group.MapPost("/{id:guid}/pause", PauseAsync);
        group.MapPost("/{id:guid}/suspend", SuspendAsync);
        group.MapPost("/{id:guid}/cancel", CancelAsync);
    }

    public static IResult Created(FlowRunCreated created) =>
        ApiResults.Json(created.Run, created.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK);

    private static async Task<IResult> CreateAsync(HttpContext http, FlowRunService runs, ParameterSize size)
    {
        var request = await RequestBody.ReadAsync<FlowRunCreate>(http);
        size.Check(http.Request, request.Parameters);
        return Created(await runs.CreateAsync(request, cancellationToken: http.RequestAborted));
    }

    private static async Task<IResult> FilterAsync(HttpContext http, FlowRunService runs)
    {
        var query = await RequestBody.ReadOptionalAsync<FlowRunQuery>(http);
        Paging.Check(query.Offset, query.Limit);
        return ApiResults.Json(await runs.FilterAsync(query, http.RequestAborted));
    }

    private static async Task<IResult> CountAsync(HttpContext http, FlowRunService runs)
    {
        var query = await RequestBody.ReadOptionalAsync<FlowRunQuery>(http);
        return ApiResults.JsonText((await runs.CountAsync(query, http.RequestAborted)).ToString());
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext http, FlowRunService runs) =>
        await runs.GetAsync(id, http.RequestAborted) is { } run ? ApiResults.Json(run) : ApiResults.NotFound(NotFound);

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext http, FlowRunService runs) =>
        await runs.DeleteAsync(id, http.RequestAborted) ? TypedResults.NoContent() : ApiResults.NotFound(NotFound);

    private static async Task<IResult> ReadResultAsync(Guid id, HttpContext http, FlowRunService runs) =>
        await runs.GetResultAsync(id, http.RequestAborted) is { } result
            ? ResultAnswers.Of(result, "Flow run")
            : ApiResults.NotFound(NotFound);

    private static async Task<IResult> SetStateAsync(Guid id, HttpContext http, RunGate gate, TimeProvider time)
    {
        var request = await RequestBody.ReadAsync<SetStateRequest>(http);
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

    private static async Task<IResult> BulkSetStateAsync(HttpContext http, FlowRunBulk bulk)
    {
        var request = await RequestBody.ReadAsync<BulkSetStateRequest>(http);
        Paging.CheckBulk(request.Limit);
        return ApiResults.Json(
            await bulk.SetStateAsync(request, ClientVersion.FromUserAgent(http.Request.Headers.UserAgent), http.RequestAborted)
        );
    }

    private static async Task<IResult> ResumeAsync(Guid id, HttpContext http, FlowRunControl control, TimeProvider time)
    {
        var request = await RequestBody.ReadOptionalAsync<ResumeFlowRunRequest>(http);
        var before = WireClock.Now(time);
        return Answer(await control.ResumeAsync(id, request.RunInput, http.RequestAborted), before);
    }

    private static async Task<IResult> PauseAsync(Guid id, HttpContext http, FlowRunControl control, TimeProvider time)
    {
        var request = await RequestBody.ReadOptionalAsync(http, ApiContext.Default.PauseRequestBody);
        var before = WireClock.Now(time);
        return Answer(await control.PauseAsync(id, Timeout(request), request.Message, http.RequestAborted), before);
    }

    private static async Task<IResult> SuspendAsync(Guid id, HttpContext http, FlowRunControl control, TimeProvider time)
    {
        var request = await RequestBody.ReadOptionalAsync(http, ApiContext.Default.PauseRequestBody);
        var before = WireClock.Now(time);
        return Answer(await control.SuspendAsync(id, Timeout(request), request.Message, http.RequestAborted), before);
    }

    private static async Task<IResult> CancelAsync(Guid id, HttpContext http, FlowRunControl control, TimeProvider time)
    {
        var request = await RequestBody.ReadOptionalAsync(http, ApiContext.Default.CancelRequestBody);
        var before = WireClock.Now(time);
        return Answer(await control.CancelAsync(id, request.Message, http.RequestAborted), before);
    }

    private static IResult Answer(GateAnswer answer, DateTimeOffset before) =>
        answer.ToResult() is { } result ? ApiResults.Transition(result, before) : ApiResults.NotFound(NotFound);

    private static TimeSpan Timeout(PauseRequestBody request)
    {
        if (request.TimeoutSeconds is not { } seconds)
        {
            return FlowRunControl.DefaultPauseTimeout;
        }

        // A century is as good as for ever, and cannot overflow.
        return seconds is > 0 and <= 3_155_760_000
            ? TimeSpan.FromSeconds(seconds)
            : throw new InvalidRequestException(
                new RequestError(
                    "value_error",
                    ["body", "timeout_seconds"],
                    "Input should be greater than 0 and at most 3155760000",
                    JsonTexts.Number(seconds)
                )
            );
    }
}
