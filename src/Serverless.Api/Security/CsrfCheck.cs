using Microsoft.AspNetCore.Http;
using Serverless.Api.Http;
using Serverless.Server;
using Serverless.Server.Csrf;

namespace Serverless.Api.Security;

/// <summary>
/// Refuses requests that change something without a token, in the words of Prefect's server. A page can have a browser send requests with a
/// user's password, but it cannot read a token, nor set the headers that carry one.
/// </summary>
internal sealed class CsrfCheck(RequestDelegate next, CsrfTokens tokens)
{
    private const string TokenHeader = "Prefect-Csrf-Token";
    private const string ClientHeader = "Prefect-Csrf-Client";

    public async Task InvokeAsync(HttpContext http)
    {
        var method = http.Request.Method;
        if (
            !HttpMethods.IsGet(method)
            && !HttpMethods.IsHead(method)
            && !HttpMethods.IsOptions(method)
            && !PageActions.Contains(http.Request.Path)
        )
        {
            var headers = http.Request.Headers;
            var token = headers[TokenHeader] is [{ } shown, ..] ? shown : throw Refused("Missing CSRF token.");
            var client = headers[ClientHeader] is [{ } name, ..] ? name : throw Refused("Missing client identifier.");
            if (!await tokens.IsValidAsync(client, token, http.RequestAborted))
            {
                throw Refused("Invalid CSRF token or client identifier.");
            }
        }

        await next(http);
    }

    private static RequestRefusedException Refused(string why) => new(StatusCodes.Status403Forbidden, why);
}
