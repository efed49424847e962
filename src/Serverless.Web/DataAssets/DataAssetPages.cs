using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Core.Filters;
using Serverless.Server.Assets;
using Serverless.Web.FlowRuns;
using Serverless.Web.Http;
using Serverless.Web.Shared;

namespace Serverless.Web.DataAssets;

/// <summary>
/// The assets that tasks make: the list, and one. A key is a URI, so that it stands in the query, as in the REST API. (The style sheet
/// and the scripts, which are called assets elsewhere, are in <c>Serverless.Web.Assets</c>.)
/// </summary>
internal static class DataAssetPages
{
    private const string Gone = "There is no asset with this key. It may have been deleted.";
    private const int MostDownstream = 50;

    public static void MapDataAssets(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/assets", ListAsync);
        pages.MapGet("/assets/key", ReadAsync);
    }

    public static void MapDataAssetActions(this IEndpointRouteBuilder actions) => actions.MapPost("/assets/delete", DeleteAsync);

    private static async Task<IResult> ListAsync(HttpContext http, AssetService assets)
    {
        ListAddress list = new(http.Request, "/assets");
        AssetQuery query = new()
        {
            Filter = list.Text is { } text ? new AssetFilter { Key = new AssetKeyFilter { Search = [text] } } : null,
            Offset = list.Offset,
            Limit = ListAddress.Most,
        };
        var page = await assets.FilterAsync(query, http.RequestAborted);
        var (shown, pager) = list.Cut(page.Assets);
        return PageResult.Of<DataAssetsPage>(new DataAssetsModel(shown, list.Text, page.Total, pager));
    }

    private static async Task<IResult> ReadAsync(HttpContext http, AssetService assets, MadeRows rows)
    {
        var key = http.Request.Query["key"].ToString();
        if (await assets.GetAsync(key, http.RequestAborted) is not { } asset)
        {
            return Missing(http);
        }

        var offset = TabReader.OffsetOf(http.Request);
        var made = await assets.MaterializationsAsync(key, offset, ListAddress.Most, http.RequestAborted);
        var latest = offset == 0 ? made : await assets.MaterializationsAsync(key, 0, 1, http.RequestAborted);
        var downstream = await assets.DownstreamAsync(key, MostDownstream + 1, http.RequestAborted);
        var links = Links.Of(http.Request);
        var shown = await rows.OfAsync(made.Take(TabReader.PageSize), http.RequestAborted);
        return PageResult.Of<DataAssetPage>(
            new DataAssetModel(
                asset,
                latest.Count > 0 ? latest[0] : asset.LatestMaterialization,
                [.. downstream.Take(MostDownstream).OrderBy(one => one.Key, StringComparer.Ordinal)],
                downstream.Count > MostDownstream,
                shown,
                PagerModel.At(
                    offset,
                    shown.Count,
                    TabReader.PageSize,
                    made.Count > shown.Count,
                    at => links.DataAsset(key, at > 0 ? at : null)
                )
            )
        );
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, AssetService assets) =>
        PageForm.Of(http).Text("key") is { } key && await assets.DeleteAsync(key, http.RequestAborted)
            ? PageForwards.To(http, Links.Of(http.Request)["/assets"])
            : Missing(http);

    private static IResult Missing(HttpContext http) => PageErrors.Show(http, StatusCodes.Status404NotFound, Gone);
}
