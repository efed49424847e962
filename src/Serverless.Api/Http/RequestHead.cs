using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Serverless.Api.Security;
using Serverless.Server;

namespace Serverless.Api.Http;

/// <summary>What a request's first lines must say before anything else of it is looked at.</summary>
internal static class RequestHead
{
    /// <summary>Refuses requests that a foreign web page has a browser send.</summary>
    /// <exception cref="RequestRefusedException">The host or the origin is foreign.</exception>
    public static void CheckSender(HttpRequest request, AllowedHosts? hosts, CrossOrigins origins)
    {
        if (hosts is not null)
        {
            CheckOrigin(request, hosts, origins);
        }
    }

    /// <summary>Refuses content that any page may have a browser send, and addresses that are no text.</summary>
    /// <exception cref="RequestRefusedException">The content is not JSON.</exception>
    /// <exception cref="InvalidRequestException">The path or the query string is no text.</exception>
    public static void CheckContent(HttpContext http)
    {
        CheckContentType(http.Request);
        if (http.Features.Get<IHttpRequestFeature>()?.RawTarget is { } target)
        {
            TargetText.Check(target);
        }
    }

    private static void CheckOrigin(HttpRequest request, AllowedHosts hosts, CrossOrigins origins)
    {
        if (!hosts.Contains(request.Host.Host))
        {
            throw new RequestRefusedException(
                StatusCodes.Status400BadRequest,
                $"Invalid host header: '{request.Host.Host}' is none of this server's names. It can be added with --allowed-hosts."
            );
        }

        // What browsers send with every request that a page makes to another site, and with most to its own.
        if (
            request.Headers.Origin is [{ } origin, ..]
            && !origins.Allow(origin)
            && !(
                Uri.TryCreate(origin, UriKind.Absolute, out var from)
                && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase)
            )
        )
        {
            throw new RequestRefusedException(StatusCodes.Status403Forbidden, "Requests from pages of other origins are refused.");
        }
    }

    /// <summary>Forms, which any page may send anywhere, have other types. Without a body there need not be one.</summary>
    private static void CheckContentType(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        {
            return;
        }

        var type = request.ContentType;
        if (PageActions.Contains(request.Path) && request.HasFormContentType)
        {
            return;
        }

        if (string.IsNullOrEmpty(type) ? HasBody(request) : !IsJson(type))
        {
            throw new RequestRefusedException(
                StatusCodes.Status415UnsupportedMediaType,
                "Unsupported Media Type: a body is JSON, with the header 'content-type: application/json'."
            );
        }
    }

    private static bool HasBody(HttpRequest request) =>
        request.ContentLength > 0
        || (request.ContentLength is null && request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != false);

    private static bool IsJson(string type) =>
        MediaTypeHeaderValue.TryParse(type, out var parsed)
        && (
            parsed.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || (
                parsed.Type.Equals("application", StringComparison.OrdinalIgnoreCase)
                && parsed.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)
            )
        )
        && (
            !parsed.Charset.HasValue
            || parsed.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            || parsed.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase)
        );
}
