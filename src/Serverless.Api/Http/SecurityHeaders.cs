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

    /// <summary>
    /// Lets a page run scripts that the app serves, and talk to the app, and nothing else. Scalar makes its styles while it runs, so those
    /// may stand in the page.
    /// </summary>
    public static void SetPage(HttpResponse response) =>
        response.Headers.ContentSecurityPolicy =
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}
