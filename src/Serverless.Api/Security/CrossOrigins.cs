using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Api.Security;

/// <summary>
/// Lets the pages of chosen origins use the API (CORS). Browsers ask first, without the secret that the request itself will show, so this
/// comes before the check of secrets; it answers no one else.
/// </summary>
internal sealed class CrossOrigins(CrossOriginOptions options)
{
    private readonly HashSet<string> _origins = new(CrossOriginOptions.Split(options.CorsAllowedOrigins), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether pages of an origin may use the API.</summary>
    public bool Allow(string? origin) => origin is not null && (_origins.Contains(CrossOriginOptions.All) || _origins.Contains(origin));

    /// <summary>Adds the answers to browsers, if there are such origins.</summary>
    public static void Use(IApplicationBuilder app)
    {
        var origins = app.ApplicationServices.GetRequiredService<CrossOrigins>();
        if (origins._origins.Count > 0)
        {
            app.UseWhen(http => origins.Allow(http.Request.Headers.Origin), allowed => allowed.UseCors(origins.Describe));
        }
    }

    private void Describe(CorsPolicyBuilder policy)
    {
        _ = _origins.Contains(CrossOriginOptions.All) ? policy.AllowAnyOrigin() : policy.WithOrigins([.. _origins]);
        var methods = CrossOriginOptions.Split(options.CorsAllowedMethods);
        _ = methods.Contains(CrossOriginOptions.All) ? policy.AllowAnyMethod() : policy.WithMethods(methods);
        var headers = CrossOriginOptions.Split(options.CorsAllowedHeaders);
        _ = headers.Contains(CrossOriginOptions.All) ? policy.AllowAnyHeader() : policy.WithHeaders(headers);
    }
}
