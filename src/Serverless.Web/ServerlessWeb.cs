using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Api.Http;
using Serverless.Server.Queries;
using Serverless.Storage;
using Serverless.Web.Artifacts;
using Serverless.Web.Assets;
using Serverless.Web.Dashboard;
using Serverless.Web.DataAssets;
using Serverless.Web.Deployments;
using Serverless.Web.FlowRuns;
using Serverless.Web.Flows;
using Serverless.Web.Http;
using Serverless.Web.Limits;
using Serverless.Web.Live;
using Serverless.Web.Palette;
using Serverless.Web.Runs;
using Serverless.Web.Settings;
using Serverless.Web.TaskRuns;
using Serverless.Web.Variables;

namespace Serverless.Web;

/// <summary>The page, as either host serves it.</summary>
public static class ServerlessWeb
{
    /// <summary>Adds what the page needs beside the services and the REST API.</summary>
    public static IServiceCollection AddServerlessWeb(this IServiceCollection services)
    {
        services.AddSingleton<RunRows>();
        services.AddSingleton<RunFinder>();
        services.AddSingleton<BulkActions>();
        services.AddSingleton<MadeRows>();
        services.AddSingleton<TimelineReader>();
        services.AddSingleton<TabReader>();
        services.AddSingleton<FlowRunReader>();
        services.AddSingleton<TaskRunReader>();
        services.AddSingleton<DeploymentReader>();
        services.AddSingleton<PalettePages>();
        services.AddSingleton<LimitRows>();
        services.AddSingleton<LimitPageReader>();
        services.AddSingleton<SlotWaits>();
        services.AddSingleton<DashboardReader>();
        return services;
    }

    /// <summary>Maps the pages: at the root for the embedded host, and below <c>/api/page</c> for the Functions host.</summary>
    public static IEndpointRouteBuilder MapServerlessWeb(this IEndpointRouteBuilder endpoints)
    {
        Map(endpoints, PagePaths.Root);
        Map(endpoints, PagePaths.BelowApi);
        return endpoints;
    }

    private static void Map(IEndpointRouteBuilder endpoints, string root)
    {
        // The REST API's document tells of its own operations only.
        var all = endpoints.MapGroup(root).ExcludeFromDescription();
        all.MapAssets();
        all.MapChanges();
        var services = endpoints.ServiceProvider;
        var store = services.GetRequiredService<IRowStore>();

        // Twice: what is refused waits for the disk like any other answer, and that wait can fail, too.
        var pages = all.MapGroup("")
            .AddEndpointFilter<PageErrors>()
            .AddEndpointFilter(new DurableAnswers(store))
            .AddEndpointFilter<PageErrors>();
        if (store.Columns is null)
        {
            pages.AddEndpointFilter(
                new BoundedPages(services.GetRequiredService<QueryOptions>(), services.GetRequiredService<TimeProvider>())
            );
        }

        pages.MapDashboard();
        pages.MapRuns();
        pages.MapFlowRuns();
        pages.MapTaskRuns();
        pages.MapDeployments();
        pages.MapFlows();
        pages.MapArtifacts();
        pages.MapDataAssets();
        pages.MapVariables();
        pages.MapLimits();
        pages.MapSettings();
        PalettePages.Map(pages);
        var actions = pages.MapGroup(PagePaths.Actions).AddEndpointFilter<ActionCheck>();
        actions.MapRunActions();
        actions.MapSavedSearchActions();
        actions.MapFlowRunActions();
        actions.MapDeploymentActions();
        actions.MapArtifactActions();
        actions.MapDataAssetActions();
        actions.MapVariableActions();
        actions.MapLimitActions();
    }
}
