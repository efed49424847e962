using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Core.Filters;
using Serverless.Server.Artifacts;
using Serverless.Server.Assets;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Runs;
using Serverless.Server.Variables;
using Serverless.Web.Http;
using Serverless.Web.Limits;
using Serverless.Web.Runs;

namespace Serverless.Web.Palette;

/// <summary>Where one can go: pages, flows, deployments and runs by a part of their names, anything by its id.</summary>
internal sealed class PalettePages(
    FlowQueries flows,
    FlowService flowsById,
    DeploymentQueries deployments,
    DeploymentService deploymentsById,
    RunRows runs,
    FlowRunService runsById,
    TaskRunService tasks,
    ArtifactService artifacts,
    VariableService variables,
    LimitPageReader limits,
    AssetService assets
)
{
    private const int Most = 6;

    public static void Map(IEndpointRouteBuilder pages) =>
        pages.MapGet(
            "/palette",
            async (HttpContext http, PalettePages palette) => PageResult.Of<PaletteHits>(await palette.FindAsync(http))
        );

    private async Task<IReadOnlyList<PaletteHit>> FindAsync(HttpContext http)
    {
        var links = Links.Of(http.Request);
        var text = http.Request.Query["q"].ToString().Trim();
        var aborted = http.RequestAborted;
        if (Guid.TryParse(text, out var id))
        {
            return await FindAsync(id, links, aborted);
        }

        List<PaletteHit> hits =
        [
            .. PagePlaces
                .All.Where(place => place.Name.Contains(text, StringComparison.OrdinalIgnoreCase))
                .Select(place => new PaletteHit("page", place.Name, links[place.Path])),
        ];
        if (text.Length == 0)
        {
            return hits;
        }

        TextFilter like = new() { Like = text };
        FlowQuery ofFlows = new()
        {
            Flows = new FlowFilter { Name = like },
            Limit = Most,
            Sort = FlowSort.NameAsc,
        };
        DeploymentQuery ofDeployments = new()
        {
            Deployments = new DeploymentFilter { FlowOrDeploymentName = like },
            Limit = Most,
            Sort = DeploymentSort.NameAsc,
        };
        FlowRunQuery ofRuns = new()
        {
            FlowRuns = new FlowRunFilter { Name = like },
            Limit = Most,
            Sort = FlowRunSort.ExpectedStartTimeDesc,
        };
        hits.AddRange((await flows.FilterAsync(ofFlows, aborted)).Select(flow => new PaletteHit("flow", flow.Name, links.Flow(flow.Id))));
        foreach (var deployment in await deployments.FilterAsync(ofDeployments, aborted))
        {
            var flow = (await flowsById.GetAsync(deployment.FlowId, aborted))?.Name;
            hits.Add(new PaletteHit("deployment", $"{flow} / {deployment.Name}", links.Deployment(deployment.Id)));
        }

        hits.AddRange(
            (await runs.ReadAsync(ofRuns, aborted)).Select(row => new PaletteHit(
                "run",
                $"{row.Run.Name} of {row.FlowName}",
                links.FlowRun(row.Run.Id)
            ))
        );
        AssetQuery ofAssets = new()
        {
            Filter = new AssetFilter { Key = new AssetKeyFilter { Search = [text] } },
            Limit = Most,
        };
        hits.AddRange(
            (await assets.FilterAsync(ofAssets, aborted)).Assets.Select(asset => new PaletteHit(
                "asset",
                asset.Key,
                links.DataAsset(asset.Key)
            ))
        );
        return hits;
    }

    private async Task<IReadOnlyList<PaletteHit>> FindAsync(Guid id, Links links, CancellationToken aborted)
    {
        if (await runsById.GetAsync(id, aborted) is { } run)
        {
            return [new PaletteHit("run", run.Name, links.FlowRun(id))];
        }

        if (await tasks.GetAsync(id, aborted) is { } task)
        {
            return [new PaletteHit("task run", task.Name, links.TaskRun(id))];
        }

        if (await deploymentsById.GetAsync(id, aborted) is { } deployment)
        {
            return [new PaletteHit("deployment", deployment.Name, links.Deployment(id))];
        }

        if (await flowsById.GetAsync(id, aborted) is { } flow)
        {
            return [new PaletteHit("flow", flow.Name, links.Flow(id))];
        }

        if (await variables.GetAsync(id, aborted) is { } variable)
        {
            return [new PaletteHit("variable", variable.Name, links[$"/variables/variable/{id}"])];
        }

        if (await limits.ReadAsync(id, links, aborted) is { } limit)
        {
            return [new PaletteHit("limit", limit.Row.Title, links[$"/concurrency-limits/{id}"])];
        }

        return await artifacts.GetAsync(id, aborted) is { } artifact
            ? [new PaletteHit("artifact", artifact.Key ?? "", links.Artifact(id))]
            : [];
    }
}
