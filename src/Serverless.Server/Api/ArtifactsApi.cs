using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Core.Filters;
using Serverless.Server.Artifacts;

namespace Serverless.Server.Api;

/// <summary>Artifacts.</summary>
internal static class ArtifactsApi
{
    public static void MapArtifactsApi(this IEndpointRouteBuilder api) =>
        api.MapPost("/artifacts/filter", FilterAsync).WithMetadata(new BodyLimit(BodyLimit.Query));

    private static async Task<IResult> FilterAsync(HttpContext http, ArtifactService artifacts)
    {
        var query = await RequestBody.ReadOptionalAsync<ArtifactQuery>(http);
        Paging.Check(query.Offset, query.Limit);
        return ApiResults.Json(await artifacts.FilterAsync(query, http.RequestAborted));
    }
}
