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
    public static void MapLogsApi(this IEndpointRouteBuilder api) =>
        api.MapPost("/logs/filter", FilterAsync)
            .WithTags("Logs")
            .Operation<IReadOnlyList<Log>>("read_logs_logs_filter_post")
            .Limit(BodyLimit.Query);

    private static async Task<IResult> FilterAsync(OptionalBody<LogQuery> body, HttpContext http, LogQueries logs)
    {
        var query = body.Value;
        return ApiResults.Json(await logs.FilterAsync(query, http.RequestAborted));
    }
}
