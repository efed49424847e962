using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Serverless.Api.Http;

namespace Serverless.Api.Security;

/// <summary>
/// Lets a request pass that shows what it must. Nothing is served to others, whatever path they try, but for the two probes, which say
/// nothing that a stranger may not know.
/// </summary>
internal sealed class ApiAuthentication(RequestDelegate next, ApiCredentials credentials)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (!credentials.AreRequired || credentials.AreIn(http.Request.Headers))
        {
            http.Features.Set(ShownCredentials.Instance);
            return next(http);
        }

        var mayPass = IsProbe(http) || http.GetEndpoint()?.Metadata.GetMetadata<FirstMessageAuth>() is not null;
        return mayPass ? next(http) : RefuseAsync(http, credentials);
    }

    /// <summary>
    /// Prefect's 401. Unlike Prefect's server it names the ways to sign in, as HTTP requires, so that browsers ask for the password.
    /// </summary>
    public static Task RefuseAsync(HttpContext http, ApiCredentials credentials)
    {
        if (credentials.HasAuth)
        {
            http.Response.Headers.Append("WWW-Authenticate", "Basic realm=\"Serverless\", charset=\"UTF-8\"");
        }

        if (credentials.HasKey)
        {
            http.Response.Headers.Append("WWW-Authenticate", "Bearer realm=\"Serverless\"");
        }

        return ApiResults.Exception(StatusCodes.Status401Unauthorized, "Unauthorized").ExecuteAsync(http);
    }

    /// <summary>
    /// Exactly the two, as they are written in the first line of the request: what a server makes of another spelling, or of a path that
    /// only ends like theirs, does not matter then.
    /// </summary>
    private static bool IsProbe(HttpContext http)
    {
        var request = http.Request;
        if (request.Method != HttpMethods.Get || request.PathBase.HasValue || request.Path.Value is not ("/api/health" or "/api/ready"))
        {
            return false;
        }

        var target = http.Features.Get<IHttpRequestFeature>()?.RawTarget;
        if (string.IsNullOrEmpty(target))
        {
            return true;
        }

        var query = target.IndexOf('?');
        return (query < 0 ? target : target[..query]) == request.Path.Value;
    }
}
