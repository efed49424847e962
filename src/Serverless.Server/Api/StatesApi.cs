using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Server.Api;

/// <summary>The states that runs have been in.</summary>
internal static class StatesApi
{
    public static void MapStatesApi(this IEndpointRouteBuilder api)
    {
        api.MapGet("/flow_run_states/", ReadFlowRunStatesAsync);
        api.MapGet("/task_run_states/", ReadTaskRunStatesAsync);
        api.MapGet(
            "/flow_run_states/{id:guid}",
            async (Guid id, HttpContext http, FlowRunService runs) =>
                Answer(await runs.GetStateAsync(id, http.RequestAborted), "Flow run state not found")
        );
        api.MapGet(
            "/task_run_states/{id:guid}",
            async (Guid id, HttpContext http, TaskRunService runs) =>
                Answer(await runs.GetStateAsync(id, http.RequestAborted), "Task run state not found")
        );
    }

    private static IResult Answer(State? state, string notFound) => state is null ? ApiResults.NotFound(notFound) : ApiResults.Json(state);

    private static async Task<IResult> ReadFlowRunStatesAsync(HttpContext http, FlowRunService runs) =>
        ApiResults.Json(await runs.GetStatesAsync(QueryIds.Required(http, "flow_run_id"), http.RequestAborted));

    private static async Task<IResult> ReadTaskRunStatesAsync(HttpContext http, TaskRunService runs) =>
        ApiResults.Json(await runs.GetStatesAsync(QueryIds.Required(http, "task_run_id"), http.RequestAborted));
}
