using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Core.Filters;
using Serverless.Server.Logs;

namespace Serverless.Server.Api;

/// <summary>The logs of runs.</summary>
internal static class LogsApi
{
    public static void MapLogsApi(this IEndpointRouteBuilder api) =>
        api.MapPost("/logs/filter", FilterAsync).WithMetadata(new BodyLimit(BodyLimit.Query));

    private static async Task<IResult> FilterAsync(HttpContext http, LogQueries logs)
    {
        var query = await RequestBody.ReadOptionalAsync<LogQuery>(http);
        Paging.Check(query.Offset, query.Limit);
        return ApiResults.Json(await logs.FilterAsync(query, http.RequestAborted));
    }
}
