using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Api.Security;
using Serverless.Core.Models;
using Serverless.Server.Csrf;

namespace Serverless.Api;

/// <summary>Where clients get the tokens that they show with requests that change something.</summary>
internal static class CsrfApi
{
    public static void MapCsrfApi(this IEndpointRouteBuilder api) =>
        api.MapGet("/csrf-token", CreateAsync)
            .WithTags("Csrf Token")
            .Operation<CsrfToken>("create_csrf_token_csrf_token_get")
            .Reads<string>("client", isRequired: true);

    private static async Task<IResult> CreateAsync(HttpContext http, CsrfTokens tokens, CsrfOptions options)
    {
        var client = Client(http);
        if (!options.CsrfProtection)
        {
            return ApiResults.Detail(StatusCodes.Status422UnprocessableEntity, "CSRF protection is disabled.");
        }

        http.Response.Headers.CacheControl = "no-store";
        return ApiResults.Json(await tokens.IssueAsync(client, TimeSpan.FromSeconds(options.CsrfTokenSeconds), http.RequestAborted));
    }

    private static string Client(HttpContext http)
    {
        string? client = http.Request.Query["client"];
        if (client is null)
        {
            throw new InvalidRequestException(new RequestError("missing", ["query", "client"], "Field required"));
        }

        return client.Length <= BodyRules.LongestText
            ? client
            : throw new InvalidRequestException(
                new RequestError(
                    "string_too_long",
                    ["query", "client"],
                    $"String should have at most {BodyRules.LongestText} characters",
                    JsonTexts.String(client)
                )
            );
    }
}
