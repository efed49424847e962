using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Http;
using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Api;

/// <summary>The states that runs have been in.</summary>
internal static class StatesApi
{
    public static void MapStatesApi(this IEndpointRouteBuilder api)
    {
        var flowRuns = api.MapGroup("/flow_run_states").WithTags("Flow Run States");
        flowRuns
            .MapGet("/", ReadFlowRunStatesAsync)
            .Operation<IReadOnlyList<State>>("read_flow_run_states_flow_run_states__get")
            .Reads<Guid>("flow_run_id", isRequired: true);
        flowRuns.MapGet("/{id:guid}", ReadFlowRunStateAsync).Operation<State>("read_flow_run_state_flow_run_states__id__get");
        var taskRuns = api.MapGroup("/task_run_states").WithTags("Task Run States");
        taskRuns
            .MapGet("/", ReadTaskRunStatesAsync)
            .Operation<IReadOnlyList<State>>("read_task_run_states_task_run_states__get")
            .Reads<Guid>("task_run_id", isRequired: true);
        taskRuns.MapGet("/{id:guid}", ReadTaskRunStateAsync).Operation<State>("read_task_run_state_task_run_states__id__get");
    }

    private static async Task<IResult> ReadFlowRunStateAsync(Guid id, HttpContext http, FlowRunService runs) =>
        Answer(await runs.GetStateAsync(id, http.RequestAborted), "Flow run state not found");

    private static async Task<IResult> ReadTaskRunStateAsync(Guid id, HttpContext http, TaskRunService runs) =>
        Answer(await runs.GetStateAsync(id, http.RequestAborted), "Task run state not found");

    private static IResult Answer(State? state, string notFound) => state is null ? ApiResults.NotFound(notFound) : ApiResults.Json(state);

    private static async Task<IResult> ReadFlowRunStatesAsync(HttpContext http, FlowRunService runs) =>
        ApiResults.Json(await runs.GetStatesAsync(QueryIds.Required(http, "flow_run_id"), http.RequestAborted));

    private static async Task<IResult> ReadTaskRunStatesAsync(HttpContext http, TaskRunService runs) =>
        ApiResults.Json(await runs.GetStatesAsync(QueryIds.Required(http, "task_run_id"), http.RequestAborted));
}
