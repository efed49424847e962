using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Logs;
using Serverless.Server.Runs;

namespace Serverless.Api;

/// <summary>The logs of runs.</summary>
internal static class LogsApi
{
    public static void MapLogsApi(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/logs").WithTags("Logs");
        group.MapPost("/", CreateAsync).Operation<object?>("create_logs_logs__post", StatusCodes.Status201Created).Limit(BodyLimit.Logs);
        api.MapGet("/flow_runs/{id:guid}/logs/download", DownloadAsync)
            .WithTags("Flow Runs")
            .TextOperation("download_logs_flow_runs__id__logs_download_get", "text/csv");
        group.MapPost("/filter", FilterAsync).Operation<IReadOnlyList<Log>>("read_logs_logs_filter_post").Limit(BodyLimit.Query);
    }

    private static async Task<IResult> CreateAsync(Body<IReadOnlyList<LogCreate>> body, HttpContext http, LogCreation logs)
    {
        await logs.AddAsync(body.Value, http.RequestAborted);
        return ApiResults.JsonText("null", StatusCodes.Status201Created);
    }

    /// <summary>All lines of a flow run as a file; they are sent as they are read.</summary>
    private static async Task<IResult> DownloadAsync(Guid id, HttpContext http, FlowRunService runs, FlowRunLogs logs)
    {
        if (await runs.GetAsync(id, http.RequestAborted) is not { } run)
        {
            return ApiResults.NotFound("Flow run not found");
        }

        http.Response.Headers.ContentDisposition =
            $"attachment; filename=\"flow-run-logs.csv\"; filename*=UTF-8''{Uri.EscapeDataString($"{run.Name}-logs.csv")}";
        return TypedResults.Stream(
            stream => LogCsv.WriteAsync(logs.ReadAsync(id, http.RequestAborted), stream, http.RequestAborted),
            "text/csv; charset=utf-8"
        );
    }

    private static async Task<IResult> FilterAsync(OptionalBody<LogQuery> body, HttpContext http, LogQueries logs)
    {
        var query = body.Value;
        return ApiResults.Json(await logs.FilterAsync(query, http.RequestAborted));
    }
}
