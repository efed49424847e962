using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Assets;

namespace Serverless.Api;

/// <summary>
/// Assets. Listing and deleting have the form in which Prefect's command <c>prefect cloud asset</c> asks Prefect Cloud; the open-source
/// server has no assets. The others are ours.
/// </summary>
internal static class AssetsApi
{
    private const string NotFound = "Asset not found.";

    public static void MapAssetsApi(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/assets").WithTags("Assets");
        group.MapPost("/filter", FilterAsync).Operation<AssetPage>("read_assets_assets_filter_post").Limit(BodyLimit.Query);
        group
            .MapPost("/materializations/filter", FilterMaterializationsAsync)
            .Operation<IReadOnlyList<AssetMaterialization>>("read_asset_materializations_assets_materializations_filter_post")
            .Limit(BodyLimit.Query);
        group
            .MapGet("/key", ReadAsync)
            .Operation<Asset>("read_asset_assets_key_get")
            .Reads<string>("key", isRequired: true)
            .Refuses(StatusCodes.Status404NotFound);
        group
            .MapDelete("/key", DeleteAsync)
            .Operation("delete_asset_assets_key_delete")
            .Reads<string>("key", isRequired: true)
            .Refuses(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> FilterAsync(OptionalBody<AssetQuery> body, HttpContext http, AssetService assets) =>
        ApiResults.Json(await assets.FilterAsync(body.Value, http.RequestAborted));

    private static async Task<IResult> FilterMaterializationsAsync(
        Body<AssetMaterializationQuery> body,
        HttpContext http,
        AssetService assets
    ) => ApiResults.Json(await assets.MaterializationsAsync(body.Value.Key, body.Value.Offset, body.Value.Limit, http.RequestAborted));

    private static async Task<IResult> ReadAsync(HttpContext http, AssetService assets) =>
        await assets.GetAsync(KeyOf(http), http.RequestAborted) is { } asset ? ApiResults.Json(asset) : ApiResults.NotFound(NotFound);

    private static async Task<IResult> DeleteAsync(HttpContext http, AssetService assets) =>
        await assets.DeleteAsync(KeyOf(http), http.RequestAborted) ? TypedResults.NoContent() : ApiResults.NotFound(NotFound);

    private static string KeyOf(HttpContext http) =>
        (string?)http.Request.Query["key"]
        ?? throw new InvalidRequestException(new RequestError("missing", ["query", "key"], "Field required"));
}
