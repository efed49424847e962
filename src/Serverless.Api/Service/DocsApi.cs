using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Serverless.Api.Http;
using Serverless.Api.OpenApi;

namespace Serverless.Api;

/// <summary>The OpenAPI document, and the page that shows it.</summary>
internal static class DocsApi
{
    private const string Tag = "Documentation";

    public static void MapDocsApi(this IEndpointRouteBuilder endpoints)
    {
        endpoints
            .MapGet("/api/openapi.json", ReadDocumentAsync)
            .WithTags(Tag)
            .Produces(StatusCodes.Status200OK, contentType: "application/json")
            .WithName("read_document_openapi_json_get");
        endpoints.MapPage("/docs");

        // The Functions host brings the app only what is below /api.
        endpoints.MapPage("/api/docs");
    }

    private static void MapPage(this IEndpointRouteBuilder endpoints, string path)
    {
        var page = endpoints.MapGroup(path).WithTags(Tag);
        var name = path.Replace('/', '_');
        page.MapGet("", (HttpContext http) => ReadPage(http)).Produces(200, contentType: "text/html").WithName($"read_page{name}_get");
        page.MapGet(DocsPage.ScalarName, (HttpContext http) => ReadScript(http, DocsPage.Scalar))
            .Produces(200, contentType: "text/javascript")
            .WithName($"read_scalar{name}_scalar_js_get");
        page.MapGet(DocsPage.StartName, (HttpContext http) => ReadScript(http, DocsPage.Start))
            .Produces(200, contentType: "text/javascript")
            .WithName($"read_start{name}_start_js_get");
    }

    private static async Task<IResult> ReadDocumentAsync(HttpContext http, ApiDocument document)
    {
        var json = await document.ReadAsync();
        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(json, "application/json", entityTag: Tagged(Convert.ToHexString(SHA256.HashData(json))));
    }

    private static ContentHttpResult ReadPage(HttpContext http)
    {
        SecurityHeaders.SetPage(http.Response);
        return TypedResults.Text(DocsPage.Html(http.Request), "text/html; charset=utf-8");
    }

    /// <summary>The scripts are stored as they travel to nearly everybody: compressed.</summary>
    private static IResult ReadScript(HttpContext http, DocsPage.Script script)
    {
        var stream = script.Open();
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers.Vary = "Accept-Encoding";
        if (!script.IsCompressed)
        {
            return Answer(stream);
        }

        if (http.Request.GetTypedHeaders().AcceptEncoding.Any(one => one.Value == "gzip" && one.Quality is not 0))
        {
            http.Response.Headers.ContentEncoding = "gzip";
            return Answer(stream);
        }

        return Answer(new GZipStream(stream, CompressionMode.Decompress));

        IResult Answer(Stream content) => TypedResults.Stream(content, "text/javascript; charset=utf-8", entityTag: Tagged(script.Version));
    }

    private static EntityTagHeaderValue Tagged(string version) => new($"\"{version}\"");
}
