using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serverless.Web.Live;
using Serverless.Web.Shared;

namespace Serverless.Web.Http;

/// <summary>
/// An answer that is a component: a whole page, or the part of one that htmx asked for. A page that asks for what has changed gets only
/// those of its live regions that look otherwise than the browser's.
/// </summary>
/// <param name="component">The component.</param>
/// <param name="model">What it shows.</param>
/// <param name="status">The status.</param>
internal sealed class PageResult(Type component, object model, int status = StatusCodes.Status200OK) : IResult
{
    /// <summary>Where a page says what it may fetch and run. Nothing is inline, so that nothing injected runs or restyles.</summary>
    public const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private const int WorthCompressing = 1024;

    /// <summary>The component, with what it shows.</summary>
    public static PageResult Of<TComponent>(object model, int status = StatusCodes.Status200OK)
        where TComponent : IComponent => new(typeof(TComponent), model, status);

    /// <summary>The notice that something was done.</summary>
    public static PageResult Done(string text, string? link = null, string? linkText = null) =>
        Of<NoticeView>(Notice.Done(text, link, linkText));

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var html = await RenderAsync(httpContext);
        var response = httpContext.Response;
        if (httpContext.Request.Headers[LiveRegions.Header] is [{ } known, ..] && status == StatusCodes.Status200OK)
        {
            html = LiveRegions.Changed(html, known);
        }

        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = "HX-Request, HX-Target, Accept-Encoding";
        if (html.Length == 0)
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        await WriteAsync(httpContext, Encoding.UTF8.GetBytes(html));
    }

    private async Task<string> RenderAsync(HttpContext http)
    {
        var services = http.RequestServices;
        var links = Links.Of(http.Request);
        PageContext page = new(
            links,
            await PageToken.IssueAsync(http),
            services.GetRequiredService<TimeProvider>().GetUtcNow(),
            http.Request.Path.StartsWithSegments(PagePaths.BelowApi, StringComparison.OrdinalIgnoreCase, out var below)
                ? below.Value ?? ""
                : http.Request.Path.Value ?? "",
            $"{http.Request.Scheme}://{http.Request.Host}"
        );
        await using HtmlRenderer renderer = new(services, services.GetRequiredService<ILoggerFactory>());
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var root = await renderer.RenderComponentAsync<PageRoot>(PageRoot.Parameters(page, component, model));
            return root.ToHtmlString();
        });
        return LiveRegions.Stamp(html, page.Token);
    }

    private static async Task WriteAsync(HttpContext http, byte[] body)
    {
        var response = http.Response;
        if (
            body.Length < WorthCompressing
            || !http.Request.GetTypedHeaders().AcceptEncoding.Any(one => one.Value == "br" && one.Quality is not 0)
        )
        {
            response.ContentLength = body.Length;
            await response.Body.WriteAsync(body, http.RequestAborted);
            return;
        }

        response.Headers.ContentEncoding = "br";
        await using BrotliStream compressed = new(response.Body, CompressionLevel.Fastest, leaveOpen: true);
        await compressed.WriteAsync(body, http.RequestAborted);
    }
}
