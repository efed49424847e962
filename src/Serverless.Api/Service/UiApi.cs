using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Bodies;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Core.Filters;
using Serverless.Core.Json;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Runs;

namespace Serverless.Api;

/// <summary>What Prefect's pages ask for besides the public operations.</summary>
internal static class UiApi
{
    // The names and their order are those of Prefect's CountByState.
    private static readonly StateType[] States =
    [
        StateType.Completed,
        StateType.Pending,
        StateType.Running,
        StateType.Failed,
        StateType.Cancelled,
        StateType.Crashed,
        StateType.Paused,
        StateType.Cancelling,
        StateType.Scheduled,
    ];

    public static void MapUiApi(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/ui").WithTags("UI");
        group
            .MapPost("/flow_runs/history", ReadFlowRunsAsync)
            .Operation<IReadOnlyList<FlowRunSummary>>("read_flow_run_history_ui_flow_runs_history_post")
            .Limit(BodyLimit.Query);
        group
            .MapPost("/flow_runs/count-task-runs", CountTaskRunsAsync)
            .Operation<IReadOnlyDictionary<Guid, int>>("count_task_runs_by_flow_run_ui_flow_runs_count_task_runs_post");
        group
            .MapPost("/flows/count-deployments", CountDeploymentsAsync)
            .Operation<IReadOnlyDictionary<Guid, int>>("count_deployments_by_flow_ui_flows_count_deployments_post");
        group
            .MapPost("/flows/next-runs", ReadNextRunsAsync)
            .Operation<IReadOnlyDictionary<Guid, NextFlowRun?>>("next_runs_by_flow_ui_flows_next_runs_post");
        group
            .MapPost("/task_runs/dashboard/counts", ReadDashboardAsync)
            .Operation<IReadOnlyList<EndedTaskRuns>>("read_dashboard_task_run_counts_ui_task_runs_dashboard_counts_post")
            .Limit(BodyLimit.Query);
        group
            .MapPost("/task_runs/count", CountByStateAsync)
            .Operation<JsonObject>("read_task_run_counts_by_state_ui_task_runs_count_post")
            .Limit(BodyLimit.Query);
        group.MapGet("/task_runs/{id:guid}", ReadTaskRunAsync).Operation<TaskRun>("read_task_run_with_flow_run_name_ui_task_runs__id__get");
        group
            .MapPost("/schemas/validate", ValidateAsync)
            .Operation<JsonObject>("validate_obj_ui_schemas_validate_post")
            .Limit(BodyLimit.Query);
    }

    private static async Task<IResult> ReadFlowRunsAsync(OptionalBody<FlowRunSummaryQuery> body, HttpContext http, RunCounts counts) =>
        ApiResults.Json(await counts.SummariesAsync(body.Value, http.RequestAborted));

    private static async Task<IResult> CountTaskRunsAsync(Body<FlowRunIdsQuery> body, HttpContext http, RunCounts counts) =>
        ApiResults.Json(await counts.CountTaskRunsAsync(body.Value.FlowRunIds, http.RequestAborted));

    private static async Task<IResult> CountDeploymentsAsync(Body<FlowIdsQuery> body, HttpContext http, FlowQueries flows) =>
        ApiResults.Json(await flows.CountDeploymentsAsync(body.Value.FlowIds, http.RequestAborted));

    private static async Task<IResult> ReadNextRunsAsync(Body<FlowIdsQuery> body, HttpContext http, RunCounts counts) =>
        ApiResults.Json(await counts.NextRunsAsync(body.Value.FlowIds, http.RequestAborted));

    private static async Task<IResult> ReadDashboardAsync(Body<DashboardQuery> body, HttpContext http, RunCounts counts) =>
        body.Value.TaskRuns is null
            ? throw new InvalidRequestException(new RequestError("missing", ["body", "task_runs"], "Field required"))
            : ApiResults.Json(await counts.DashboardAsync(body.Value, http.RequestAborted));

    private static async Task<IResult> CountByStateAsync(OptionalBody<RunCountQuery> body, HttpContext http, RunCounts counts)
    {
        var byState = await counts.CountByStateAsync(body.Value, http.RequestAborted);
        var members = States.Select(type =>
            string.Create(CultureInfo.InvariantCulture, $"\"{type.ToString().ToUpperInvariant()}\":{byState.GetValueOrDefault(type)}")
        );
        return ApiResults.JsonText($"{{{string.Join(',', members)}}}");
    }

    private static async Task<IResult> ReadTaskRunAsync(Guid id, HttpContext http, TaskRunService tasks, FlowRunService runs)
    {
        if (await tasks.GetAsync(id, http.RequestAborted) is not { } task)
        {
            return ApiResults.NotFound("Task not found");
        }

        var run = task.FlowRunId is { } flowRunId ? await runs.GetAsync(flowRunId, http.RequestAborted) : null;
        var answer = JsonSerializer.SerializeToNode(task, WireJson.TypeInfo<TaskRun>())!.AsObject();
        answer["flow_run_name"] = run?.Name;
        return ApiResults.Json(answer);
    }

    private static async Task<IResult> ValidateAsync(Body<SchemaValidationBody> body, HttpContext http, CheckedHydration hydration) =>
        ApiResults.Json(await SchemaValidation.AnswerAsync(body.Value.Schema, body.Value.Values, hydration, http.RequestAborted));
}
