using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Serverless.Server.Api;

/// <summary>Whether the server is there, and what it speaks.</summary>
internal static class RootApi
{
    /// <summary>The version of Prefect's REST API that the server speaks (its SERVER_API_VERSION).</summary>
    public const string ApiVersion = "0.8.4";

    public static void MapRootApi(this IEndpointRouteBuilder api)
    {
        api.MapGet("/health", () => ApiResults.JsonText("true"));
        api.MapGet("/version", () => ApiResults.JsonText($"\"{ApiVersion}\""));
        api.MapGet("/ready", (ServerReadiness readiness) => readiness.IsReady
            ? ApiResults.Message(StatusCodes.Status200OK, "OK")
            : ApiResults.Message(StatusCodes.Status503ServiceUnavailable, "The server is starting"));
    }
}
