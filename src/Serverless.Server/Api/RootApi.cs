using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Server.Flows;
using Serverless.Storage;

namespace Serverless.Server.Api;

/// <summary>Whether the server is there, and what it speaks.</summary>
internal static class RootApi
{
    /// <summary>The version of Prefect's REST API that the server speaks (its SERVER_API_VERSION).</summary>
    public const string ApiVersion = "0.8.4";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    public static void MapRootApi(this IEndpointRouteBuilder api)
    {
        api.MapGet("/health", () => ApiResults.JsonText("true"));
        api.MapGet("/version", () => ApiResults.JsonText($"\"{ApiVersion}\""));
        api.MapGet("/ready", async (HttpContext http, ServerReadiness readiness, IRowStore store, TimeProvider time) =>
        {
            string? trouble = !readiness.IsReady ? "The server is starting" : !await AnswersAsync(store, time, http.RequestAborted) ? "Database is not available" : null;
            if (trouble is null)
            {
                return ApiResults.Message(StatusCodes.Status200OK, "OK");
            }

            http.Response.Headers.RetryAfter = "1";
            return ApiResults.Message(StatusCodes.Status503ServiceUnavailable, trouble);
        });
    }

    /// <summary>Whether the store can be read, within a time that a probe has.</summary>
    private static async Task<bool> AnswersAsync(IRowStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await store.GetAsync(FlowKeys.ByName("ready"), cancellationToken).AsTask().WaitAsync(s_patience, time, cancellationToken);
            return true;
        }
        catch (Exception error) when (error is RowStoreUnavailableException or TimeoutException)
        {
            return false;
        }
    }
}
