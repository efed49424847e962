using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;

namespace Serverless.Server.Api;

/// <summary>The answer to requests for no operation: 405 when the path has one with another method, otherwise 404.</summary>
internal static class UnknownPath
{
    /// <summary>Marks the operations of the API. In the function app the routes of the HTTP triggers are endpoints too, and one of them is for every path.</summary>
    public static object Known { get; } = new();

    public static IResult Answer(HttpContext http, EndpointDataSource endpoints)
    {
        SortedSet<string> methods = new(StringComparer.Ordinal);
        foreach (RouteEndpoint endpoint in endpoints.Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.Contains(Known)
                && endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is { HttpMethods.Count: > 0 } known
                && Matches(endpoint.RoutePattern, http.Request.Path))
            {
                methods.UnionWith(known.HttpMethods);
            }
        }

        if (methods.Count == 0)
        {
            return ApiResults.NotFound("Not Found");
        }

        http.Response.Headers.Allow = string.Join(", ", methods);
        return ApiResults.Detail(StatusCodes.Status405MethodNotAllowed, "Method Not Allowed");
    }

    private static bool Matches(RoutePattern pattern, PathString path)
    {
        RouteValueDictionary values = [];
        if (!new TemplateMatcher(new RouteTemplate(pattern), []).TryMatch(path, values))
        {
            return false;
        }

        // Ids are the only constraint that routes have.
        return pattern.ParameterPolicies.All(policies => policies.Value.All(policy =>
            policy.Content != "guid" || Guid.TryParse(values[policies.Key] as string, out _)));
    }
}
