using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Api.Http;
using Serverless.Storage;

namespace Serverless.Api;

/// <summary>The REST API, as either host serves it.</summary>
public static class ServerlessApi
{
    /// <summary>
    /// Adds what stands around the operations: the check of a request's head, the headers of answers, and the answers to what goes
    /// wrong, in Prefect's shape. Comes before everything else of the pipeline.
    /// </summary>
    public static IApplicationBuilder UseServerlessApi(this IApplicationBuilder app) =>
        app.ApplicationServices.GetService<AllowedHosts>() is { } hosts
            ? app.UseMiddleware<ApiErrors>(hosts)
            : app.UseMiddleware<ApiErrors>();

    /// <summary>Maps every operation under <c>/api</c>.</summary>
    public static IEndpointRouteBuilder MapServerlessApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api");
        api.AddEndpointFilter(new DurableAnswers(endpoints.ServiceProvider.GetRequiredService<IRowStore>()));
        api.MapRootApi();
        api.MapAdminApi();
        api.MapServerSettingsApi();
        api.MapFlowsApi();
        api.MapDeploymentsApi();
        api.MapSchedulesApi();
        api.MapFlowRunsApi();
        api.MapFlowRunInputsApi();
        api.MapFlowRunGraphsApi();
        api.MapStatesApi();
        api.MapTaskRunsApi();
        api.MapLogsApi();
        api.MapArtifactsApi();
        api.MapVariablesApi();
        api.MapSavedSearchesApi();
        api.MapTagLimitsApi();
        api.MapConcurrencyLimitsApi();
        api.MapEventsApi();
        api.MapUiApi();

        // Where Prefect's pages look for it.
        endpoints.MapUiSettings();

        // Outside the group: nobody waits for the end of a socket to see what it wrote on the disk.
        endpoints.MapSockets();
        return endpoints;
    }
}
