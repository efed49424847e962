using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Api.Security;
using Serverless.Api.Sockets;
using Serverless.Server.Queries;
using Serverless.Storage;

namespace Serverless.Api;

/// <summary>The REST API, as either host serves it.</summary>
public static class ServerlessApi
{
    /// <summary>The largest body of any operation, in bytes.</summary>
    public const int LargestBody = BodyLimit.Logs;

    /// <summary>
    /// Adds what stands around the operations: the headers of answers, the answers to what goes wrong, in Prefect's shape, the check of who
    /// asks, and that of a request's head. Comes before everything else of the pipeline but routing, so that it holds for all that is
    /// served, also for what is not of the API.
    /// </summary>
    public static IApplicationBuilder UseServerlessApi(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        _ = app.ApplicationServices.GetService<AllowedHosts>() is { } hosts
            ? app.UseMiddleware<ApiErrors>(hosts)
            : app.UseMiddleware<ApiErrors>();
        CrossOrigins.Use(app);
        app.UseMiddleware<ApiAuthentication>();
        if (app.ApplicationServices.GetRequiredService<CsrfOptions>().CsrfProtection)
        {
            app.UseMiddleware<CsrfCheck>();
        }

        return app.Use(
            (http, next) =>
            {
                RequestHead.CheckContent(http);
                return next(http);
            }
        );
    }

    /// <summary>Maps every operation under <c>/api</c>.</summary>
    public static IEndpointRouteBuilder MapServerlessApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api");
        var services = endpoints.ServiceProvider;
        var store = services.GetRequiredService<IRowStore>();
        api.AddEndpointFilter(new DurableAnswers(store));
        if (store.Columns is null)
        {
            api.AddEndpointFilter(
                new BoundedQuestions(services.GetRequiredService<QueryOptions>(), services.GetRequiredService<TimeProvider>())
            );
        }

        api.MapRootApi();
        api.MapAdminApi();
        api.MapCsrfApi();
        api.MapServerSettingsApi();
        api.MapFlowsApi();
        api.MapDeploymentsApi();
        api.MapSchedulesApi();
        api.MapFlowRunsApi();
        api.MapFlowRunInputsApi();
        api.MapFlowRunGraphsApi();
        api.MapFlowRunHistoriesApi();
        api.MapStatesApi();
        api.MapTaskRunsApi();
        api.MapTaskWorkersApi();
        api.MapLogsApi();
        api.MapArtifactsApi();
        api.MapVariablesApi();
        api.MapAssetsApi();
        api.MapSavedSearchesApi();
        api.MapTagLimitsApi();
        api.MapSlotsApi();
        api.MapConcurrencyLimitsApi();
        api.MapEventsApi();
        api.MapUiApi();

        // Where Prefect's pages look for it.
        endpoints.MapUiSettings();
        endpoints.MapDocsApi();

        // Outside the group: nobody waits for the end of a socket to see what it wrote on the disk.
        endpoints.MapSockets();
        return endpoints;
    }
}
