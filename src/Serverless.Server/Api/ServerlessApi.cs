using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Server.Api;

/// <summary>The REST API, as either host serves it.</summary>
public static class ServerlessApi
{
    /// <summary>Maps every operation under <c>/api</c>; what is no operation is 404 or 405 with a body of Prefect's shape.</summary>
    public static IEndpointRouteBuilder MapServerlessApi(this IEndpointRouteBuilder endpoints)
    {
        // A setting that cannot be is said at the start, not to whoever comes first.
        _ = endpoints.ServiceProvider.GetRequiredService<ParameterSize>();
        RouteGroupBuilder api = endpoints.MapGroup("/api");
        api.AddEndpointFilter<RouteGroupBuilder, ApiErrorFilter>();
        api.WithMetadata(UnknownPath.Known);
        api.MapRootApi();
        api.MapFlowsApi();
        api.MapDeploymentsApi();
        api.MapFlowRunsApi();
        api.MapStatesApi();
        api.MapTaskRunsApi();
        api.MapLogsApi();
        api.MapArtifactsApi();
        api.MapTagLimitsApi();
        api.MapConcurrencyLimitsApi();
        api.MapFallback("{*path}", UnknownPath.Answer);
        return endpoints;
    }
}
