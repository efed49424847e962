using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Server.Artifacts;
using Serverless.Web.Http;

namespace Serverless.Web.Artifacts;

/// <summary>One artifact.</summary>
internal static class ArtifactPages
{
    public static void MapArtifacts(this IEndpointRouteBuilder pages) => pages.MapGet("/artifacts/artifact/{id:guid}", ReadAsync);

    private static async Task<IResult> ReadAsync(Guid id, HttpContext http, ArtifactService artifacts) =>
        await artifacts.GetAsync(id, http.RequestAborted) is { } artifact
            ? PageResult.Of<ArtifactPage>(artifact)
            : PageErrors.Show(http, StatusCodes.Status404NotFound, "There is no such artifact. It may have been deleted.");
}
