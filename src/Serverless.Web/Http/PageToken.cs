using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Server.Csrf;

namespace Serverless.Web.Http;

/// <summary>
/// The antiforgery token of the page's forms. It is one of the API's tokens, for a client of its own name: all
/// instances of the app know it,
/// and a foreign page cannot read it.
/// </summary>
internal static class PageToken
{
    /// <summary>The name of the form's field.</summary>
    public const string Field = "_token";

    private const string Client = "page";
    private static readonly TimeSpan Age = TimeSpan.FromHours(12);

    public static async Task<string> IssueAsync(HttpContext http)
    {
        var tokens = http.RequestServices.GetRequiredService<CsrfTokens>();
        return (await tokens.IssueAsync(Client, Age, http.RequestAborted)).Token;
    }

    public static async Task<bool> IsValidAsync(HttpContext http, string? token) =>
        token is not null && await http.RequestServices.GetRequiredService<CsrfTokens>().IsValidAsync(Client, token, http.RequestAborted);
}
