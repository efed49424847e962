using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Http;
using Serverless.Api.Security;

namespace Serverless.Api;

/// <summary>What Prefect's pages ask first: where the API is, and how to talk to it.</summary>
internal static class UiSettingsApi
{
    public static void MapUiSettings(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/ui-settings", Read).WithTags("UI").Operation<JsonObject>("ui_settings_ui_settings_get");

    private static IResult Read(HttpContext http, CsrfOptions csrf, ApiCredentials credentials) =>
        ApiResults.Json(
            new JsonObject
            {
                ["api_url"] = $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}/api",
                ["csrf_enabled"] = csrf.CsrfProtection,
                ["auth"] = credentials.HasAuth ? "BASIC" : null,
                ["flags"] = new JsonArray(),
                ["default_ui"] = "v2",
                ["available_uis"] = new JsonArray(),
                ["v1_base_url"] = null,
                ["v2_base_url"] = null,
            }
        );
}
