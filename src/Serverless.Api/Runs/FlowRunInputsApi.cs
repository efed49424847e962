using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Core.Models;
using Serverless.Server.Queries;
using Serverless.Server.Runs;

namespace Serverless.Api;

/// <summary>The inputs of flow runs.</summary>
internal static class FlowRunInputsApi
{
    private const string NotFound = "Flow run input not found";

    public static void MapFlowRunInputsApi(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/flow_runs/{id:guid}/input").WithTags("Flow Runs");
        group
            .MapPost("/", CreateAsync)
            .Operation<object?>("create_flow_run_input_flow_runs__id__input_post", StatusCodes.Status201Created)
            .Refuses(StatusCodes.Status409Conflict)
            .Limit(BodyLimit.Values);
        group
            .MapPost("/filter", FilterAsync)
            .Operation<IReadOnlyList<FlowRunInput>>("filter_flow_run_input_flow_runs__id__input_filter_post")
            .Limit(BodyLimit.Query);
        group.MapGet("/{key}", ReadAsync).TextOperation("read_flow_run_input_flow_runs__id__input__key__get", "text/plain");
        group.MapDelete("/{key}", DeleteAsync).Operation("delete_flow_run_input_flow_runs__id__input__key__delete");
    }

    private static async Task<IResult> CreateAsync(Guid id, Body<FlowRunInputCreate> body, HttpContext http, RunInputs inputs) =>
        await inputs.CreateAsync(id, body.Value, http.RequestAborted)
            ? ApiResults.JsonText("null", StatusCodes.Status201Created)
            : ApiResults.NotFound("Flow run not found");

    private static async Task<IResult> FilterAsync(Guid id, Body<FlowRunInputQuery> body, HttpContext http, RunInputs inputs) =>
        ApiResults.Json(await inputs.FilterAsync(id, body.Value, http.RequestAborted));

    /// <summary>The text as it is, not as JSON.</summary>
    private static async Task<IResult> ReadAsync(Guid id, string key, HttpContext http, RunInputs inputs)
    {
        if (await inputs.GetAsync(id, key, http.RequestAborted) is not { } value)
        {
            return ApiResults.NotFound(NotFound);
        }

        // As text, and as the bytes that are sent.
        AnswerMemory.Take(value.Length * 3L, fit: 0);
        return TypedResults.Text(value, "text/plain", Encoding.UTF8);
    }

    private static async Task<IResult> DeleteAsync(Guid id, string key, HttpContext http, RunInputs inputs) =>
        await inputs.DeleteAsync(id, key, http.RequestAborted) ? TypedResults.NoContent() : ApiResults.NotFound(NotFound);
}
