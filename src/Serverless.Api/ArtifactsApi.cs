using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Artifacts;

namespace Serverless.Api;

/// <summary>Artifacts, and the latest of each key.</summary>
internal static class ArtifactsApi
{
    private const string NotFound = "Artifact not found.";

    public static void MapArtifactsApi(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/artifacts").WithTags("Artifacts");
        group
            .MapPost("/", CreateAsync)
            .Operation<Artifact>("create_artifact_artifacts__post", StatusCodes.Status201Created)
            .Limit(BodyLimit.Values);
        group
            .MapPost("/filter", FilterAsync)
            .Operation<IReadOnlyList<Artifact>>("read_artifacts_artifacts_filter_post")
            .Limit(BodyLimit.Query);
        group.MapPost("/count", CountAsync).Operation<int>("count_artifacts_artifacts_count_post").Limit(BodyLimit.Query);
        group
            .MapPost("/latest/filter", FilterLatestAsync)
            .Operation<IReadOnlyList<ArtifactCollection>>("read_latest_artifacts_artifacts_latest_filter_post")
            .Limit(BodyLimit.Query);
        group
            .MapPost("/latest/count", CountLatestAsync)
            .Operation<int>("count_latest_artifacts_artifacts_latest_count_post")
            .Limit(BodyLimit.Query);
        group.MapGet("/{key}/latest", ReadLatestAsync).Operation<Artifact>("read_latest_artifact_artifacts__key__latest_get");
        group.MapGet("/{id:guid}", ReadAsync).Operation<Artifact>("read_artifact_artifacts__id__get");
        group.MapPatch("/{id:guid}", UpdateAsync).Operation("update_artifact_artifacts__id__patch").Limit(BodyLimit.Values);
        group.MapDelete("/{id:guid}", DeleteAsync).Operation("delete_artifact_artifacts__id__delete");
    }

    private static async Task<IResult> CreateAsync(Body<ArtifactCreate> body, HttpContext http, ArtifactService artifacts) =>
        ApiResults.Json(await artifacts.CreateAsync(body.Value, http.RequestAborted), StatusCodes.Status201Created);

    private static async Task<IResult> FilterAsync(OptionalBody<ArtifactQuery> body, HttpContext http, ArtifactQueries artifacts) =>
        ApiResults.Json(await artifacts.FilterAsync(body.Value, http.RequestAborted));

    private static async Task<IResult> CountAsync(OptionalBody<ArtifactCountQuery> body, HttpContext http, ArtifactQueries artifacts) =>
        Number(await artifacts.CountAsync(body.Value.List(), http.RequestAborted));

    private static async Task<IResult> FilterLatestAsync(
        OptionalBody<ArtifactCollectionQuery> body,
        HttpContext http,
        ArtifactQueries artifacts
    ) => ApiResults.Json(await artifacts.FilterAsync(body.Value, http.RequestAborted));

    private static async Task<IResult> CountLatestAsync(
        OptionalBody<ArtifactCollectionCountQuery> body,
        HttpContext http,
        ArtifactQueries artifacts
    ) => Number(await artifacts.CountAsync(body.Value.List(), http.RequestAborted));

    private static async Task<IResult> ReadLatestAsync(string key, HttpContext http, ArtifactService artifacts) =>
        Show(await artifacts.GetLatestAsync(key, http.RequestAborted));

    private static async Task<IResult> ReadAsync(Guid id, HttpContext http, ArtifactService artifacts) =>
        Show(await artifacts.GetAsync(id, http.RequestAborted));

    private static async Task<IResult> UpdateAsync(Guid id, Body<ArtifactUpdate> body, HttpContext http, ArtifactService artifacts) =>
        Answer(await artifacts.UpdateAsync(id, body.Value, http.RequestAborted));

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext http, ArtifactService artifacts) =>
        Answer(await artifacts.DeleteAsync(id, http.RequestAborted));

    private static IResult Number(int count) => ApiResults.JsonText(count.ToString(CultureInfo.InvariantCulture));

    private static IResult Show(Artifact? artifact) => artifact is null ? ApiResults.NotFound(NotFound) : ApiResults.Json(artifact);

    private static IResult Answer(bool found) => found ? TypedResults.NoContent() : ApiResults.NotFound(NotFound);
}
