using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Serverless.Web.Assets;

/// <summary>Serves the files of the page.</summary>
internal static class AssetPages
{
    public static void MapAssets(this IEndpointRouteBuilder pages) => pages.MapGet("/assets/{address}", ReadAsync);

    private static async Task ReadAsync(string address, HttpContext http)
    {
        if (AssetFiles.Find(address) is not { } file)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var headers = http.Response.Headers;
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.Vary = "Accept-Encoding";
        http.Response.ContentType = file.ContentType;
        var content = file.Plain;
        if (http.Request.GetTypedHeaders().AcceptEncoding.Any(one => one.Value == "br" && one.Quality is not 0))
        {
            headers.ContentEncoding = "br";
            content = file.Compressed;
        }

        http.Response.ContentLength = content.Length;
        await http.Response.Body.WriteAsync(content, http.RequestAborted);
    }
}
