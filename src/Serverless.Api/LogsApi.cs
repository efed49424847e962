using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Logs;

namespace Serverless.Api;

/// <summary>The logs of runs.</summary>
internal static class LogsApi
{
    public static void MapLogsApi(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/logs").WithTags("Logs");
        group.MapPost("/", CreateAsync).Operation<object?>("create_logs_logs__post", StatusCodes.Status201Created).Limit(BodyLimit.Logs);
        group.MapPost("/filter", FilterAsync).Operation<IReadOnlyList<Log>>("read_logs_logs_filter_post").Limit(BodyLimit.Query);
    }

    private static async Task<IResult> CreateAsync(Body<IReadOnlyList<LogCreate>> body, HttpContext http, LogCreation logs)
    {
        await logs.AddAsync(body.Value, http.RequestAborted);
        return ApiResults.JsonText("null", StatusCodes.Status201Created);
    }

    private static async Task<IResult> FilterAsync(OptionalBody<LogQuery> body, HttpContext http, LogQueries logs)
    {
        var query = body.Value;
        return ApiResults.Json(await logs.FilterAsync(query, http.RequestAborted));
    }
}
