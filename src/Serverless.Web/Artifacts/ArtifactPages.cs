using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Artifacts;
using Serverless.Web.FlowRuns;
using Serverless.Web.Http;
using Serverless.Web.Shared;

namespace Serverless.Web.Artifacts;

/// <summary>Artifacts: the latest of each key, one, and the versions of a key.</summary>
internal static class ArtifactPages
{
    private const string Gone = "There is no such artifact. It may have been deleted.";

    public static void MapArtifacts(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/artifacts", ListAsync);
        pages.MapGet("/artifacts/key/{key}", ReadKeyAsync);
        pages.MapGet("/artifacts/artifact/{id:guid}", ReadAsync);
        pages.MapGet("/artifacts/artifact/{id:guid}/table.csv", DownloadAsync);
    }

    public static void MapArtifactActions(this IEndpointRouteBuilder actions) => actions.MapPost("/artifact/{id:guid}/delete", DeleteAsync);

    private static async Task<IResult> ListAsync(HttpContext http, ArtifactQueries artifacts)
    {
        var links = Links.Of(http.Request);
        var filter = ArtifactFilterModel.Of(http.Request);
        var offset = TabReader.OffsetOf(http.Request);
        var latest = filter.IsAll
            ? []
            : await artifacts.FilterAsync(
                new ArtifactCollectionQuery
                {
                    Artifacts = filter.LatestFilter(),
                    Sort = ArtifactSort.UpdatedDesc,
                    Offset = offset,
                    Limit = TabReader.PageSize + 1,
                },
                http.RequestAborted
            );
        var all = filter.IsAll
            ? await artifacts.FilterAsync(Newest(filter.Filter(), offset, TabReader.PageSize + 1), http.RequestAborted)
            : [];
        var count = latest.Count + all.Count;
        var pager = PagerModel.At(
            offset,
            Math.Min(count, TabReader.PageSize),
            TabReader.PageSize,
            count > TabReader.PageSize,
            at => links[filter.Path(at)]
        );
        return PageResult.Of<ArtifactsPage>(
            new ArtifactsModel([.. latest.Take(TabReader.PageSize)], [.. all.Take(TabReader.PageSize)], filter, pager)
        );
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext http, ArtifactService artifacts) =>
        await artifacts.GetAsync(id, http.RequestAborted) is { } artifact
            ? PageResult.Of<ArtifactPage>(ModelOf(artifact, http, $"/artifacts/artifact/{id}", null))
            : Missing(http);

    private static async Task<IResult> ReadKeyAsync(string key, HttpContext http, ArtifactService artifacts, ArtifactQueries queries)
    {
        if (await artifacts.GetLatestAsync(key, http.RequestAborted) is not { } latest)
        {
            return PageErrors.Show(http, StatusCodes.Status404NotFound, "There is no artifact with this key.");
        }

        ArtifactFilter ofKey = new() { Key = new TextFilter { Any = [key] } };
        var versions = await queries.FilterAsync(Newest(ofKey, 0, TabReader.PageSize), http.RequestAborted);
        return PageResult.Of<ArtifactPage>(ModelOf(latest, http, $"/artifacts/key/{Uri.EscapeDataString(key)}", versions));
    }

    private static async Task<IResult> DownloadAsync(Guid id, HttpContext http, ArtifactService artifacts)
    {
        if (await artifacts.GetAsync(id, http.RequestAborted) is not { } artifact)
        {
            return Missing(http);
        }

        return TableModel.Of(artifact.Data) is { } table
            ? TypedResults.File(
                Encoding.UTF8.GetBytes(TableCsv.Of(table)),
                "text/csv; charset=utf-8",
                $"{artifact.Key ?? id.ToString()}.csv"
            )
            : PageErrors.Show(http, StatusCodes.Status404NotFound, "This artifact is no table.");
    }

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext http, ArtifactService artifacts) =>
        await artifacts.DeleteAsync(id, http.RequestAborted) ? PageForwards.To(http, Links.Of(http.Request)["/artifacts"]) : Missing(http);

    private static ArtifactModel ModelOf(Artifact artifact, HttpContext http, string address, IReadOnlyList<Artifact>? versions)
    {
        var links = Links.Of(http.Request);
        if (artifact.Type != "table" || TableModel.Of(artifact.Data) is not { } table)
        {
            return new ArtifactModel(artifact, null, versions);
        }

        var sort = http.Request.Query["sort"].ToString() is { Length: > 0 } column ? column : null;
        var descending = http.Request.Query["desc"].Count > 0;
        var ordered = table.By(sort, descending);
        var offset = TabReader.OffsetOf(http.Request);
        var shown = ordered.Rows.Skip(offset).Take(TableView.PageSize).ToList();
        return new ArtifactModel(
            artifact,
            new TableView(
                ordered with
                {
                    Rows = shown,
                },
                table.Rows.Count,
                name => links[Links.Query(address, ("sort", name), ("desc", sort == name && !descending ? "1" : null))],
                links[$"/artifacts/artifact/{artifact.Id}/table.csv"],
                PagerModel.At(
                    offset,
                    shown.Count,
                    TableView.PageSize,
                    offset + shown.Count < table.Rows.Count,
                    at => links[Links.Query(address, ("sort", sort), ("desc", descending ? "1" : null), ("offset", at > 0 ? at : null))]
                )
            ),
            versions
        );
    }

    private static ArtifactQuery Newest(ArtifactFilter filter, int offset, int limit) =>
        new()
        {
            Artifacts = filter,
            Sort = ArtifactSort.CreatedDesc,
            Offset = offset,
            Limit = limit,
        };

    private static IResult Missing(HttpContext http) => PageErrors.Show(http, StatusCodes.Status404NotFound, Gone);
}
