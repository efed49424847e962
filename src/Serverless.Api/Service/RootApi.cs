using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Http;
using Serverless.Api.Security;
using Serverless.Server;
using Serverless.Server.Services;
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
        group.MapGet("/hello", () => ApiResults.JsonText("\"👋\"")).Operation<string>("hello_hello_get");
        group
            .MapGet("/ready", ReadReadyAsync)
            .Operation<JsonObject>("perform_readiness_check_ready_get")
            .Refuses(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> ReadReadyAsync(HttpContext http, ServerReadiness readiness, StoreProbe probe, ServiceRuns services)
    {
        var trouble = !readiness.IsReady ? "The server is starting" : await probe.TroubleAsync(http.RequestAborted);
        if (trouble is null)
        {
            // A stranger is told no names of rows and no messages of errors.
            return http.Features.Get<ShownCredentials>() is null
                ? ApiResults.Message(StatusCodes.Status200OK, "OK")
                : Ready(probe.Health, await services.ReadFailingAsync(http.RequestAborted));
        }

        http.Response.Headers.RetryAfter = "1";
        return ApiResults.Message(StatusCodes.Status503ServiceUnavailable, trouble);
    }

    /// <summary>
    /// What Prefect's server says, and beside it what does not keep this host from serving: what is damaged in the store, and which
    /// services fail. A load balancer that took all hosts out for those would help nobody.
    /// </summary>
    private static IResult Ready(StoreHealth? health, IReadOnlyList<ServiceStatus> failing)
    {
        JsonObject answer = new() { ["message"] = "OK" };
        if (health is { DamageCount: > 0 })
        {
            answer["damage_count"] = health.DamageCount;
            answer["damage"] = new JsonArray([.. health.Damage.Select(line => JsonValue.Create(line))]);
        }

        if (failing.Count > 0)
        {
            answer["failing_services"] = JsonSerializer.SerializeToNode(failing, AdminContext.Wire.IReadOnlyListServiceStatus);
        }

        return ApiResults.JsonText(answer.ToJsonString());
    }
}
