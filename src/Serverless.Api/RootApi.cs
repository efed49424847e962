using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Server;
using Serverless.Storage;

namespace Serverless.Api;

/// <summary>Whether the server is there, and what it speaks.</summary>
internal static class RootApi
{
    /// <summary>The version of Prefect's REST API that the server speaks (its SERVER_API_VERSION).</summary>
    public const string ApiVersion = "0.8.4";

    public static void MapRootApi(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/").WithTags("Root");
        group.MapGet("/health", () => ApiResults.JsonText("true")).Operation<bool>("health_check_health_get");
        group.MapGet("/version", () => ApiResults.JsonText($"\"{ApiVersion}\"")).Operation<string>("server_version_version_get");
        group.MapGet("/ready", ReadReadyAsync).Operation<JsonObject>("perform_readiness_check_ready_get");
    }

    private static async Task<IResult> ReadReadyAsync(HttpContext http, ServerReadiness readiness, StoreProbe probe)
    {
        var trouble = !readiness.IsReady ? "The server is starting" : await probe.TroubleAsync(http.RequestAborted);
        if (trouble is null)
        {
            return Ready(probe.Health);
        }

        http.Response.Headers.RetryAfter = "1";
        return ApiResults.Message(StatusCodes.Status503ServiceUnavailable, trouble);
    }

    /// <summary>What Prefect's server says, and if something in the store is damaged, what: the rest is served.</summary>
    private static IResult Ready(StoreHealth? health)
    {
        if (health is not { DamageCount: > 0 })
        {
            return ApiResults.Message(StatusCodes.Status200OK, "OK");
        }

        return ApiResults.JsonText(
            new JsonObject
            {
                ["message"] = "OK",
                ["damage_count"] = health.DamageCount,
                ["damage"] = new JsonArray([.. health.Damage.Select(line => JsonValue.Create(line))]),
            }.ToJsonString()
        );
    }
}
