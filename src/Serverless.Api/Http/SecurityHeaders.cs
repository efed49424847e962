using Microsoft.AspNetCore.Http;

namespace Serverless.Api.Http;

/// <summary>What every answer tells browsers: take it for what it says it is, do not show it in a frame, tell nobody its address.</summary>
internal static class SecurityHeaders
{
    public static void Set(HttpResponse response)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "frame-ancestors 'none'";
        response.Headers["Referrer-Policy"] = "no-referrer";
    }
}
