using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Artifacts;

namespace Serverless.Api;

/// <summary>Artifacts.</summary>
internal static class ArtifactsApi
{
    public static void MapArtifactsApi(this IEndpointRouteBuilder api) =>
        api.MapPost("/artifacts/filter", FilterAsync)
            .WithTags("Artifacts")
            .Operation<IReadOnlyList<Artifact>>("read_artifacts_artifacts_filter_post")
            .Limit(BodyLimit.Query);

    private static async Task<IResult> FilterAsync(OptionalBody<ArtifactQuery> body, HttpContext http, ArtifactService artifacts)
    {
        var query = body.Value;
        return ApiResults.Json(await artifacts.FilterAsync(query, http.RequestAborted));
    }
}
