using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Queries;
using Serverless.Server.Runs;
using Serverless.Web.Charts;
using Serverless.Web.Http;
using Serverless.Web.Shared;

namespace Serverless.Web.Runs;

/// <summary>Reads rows of flow runs with the names that belong to them.</summary>
internal sealed class RunRows(FlowRunService runs, FlowRunQueries queries, FlowService flows, DeploymentService deployments)
{
    /// <summary>The rows that a query matches. Of runs with very large parameters what is not shown is left out.</summary>
    public async Task<IReadOnlyList<RunRow>> ReadAsync(FlowRunQuery query, CancellationToken cancellationToken)
    {
        IReadOnlyList<FlowRun> found;
        try
        {
            found = await runs.FilterAsync(query, cancellationToken);
        }
        catch (PageTooLargeException)
        {
            found = await queries.ListAsync(query, cancellationToken, withValues: false);
        }

        return await OfAsync(found, cancellationToken);
    }

    /// <summary>The rows of some runs.</summary>
    public async Task<IReadOnlyList<RunRow>> OfAsync(IReadOnlyList<FlowRun> found, CancellationToken cancellationToken)
    {
        Dictionary<Guid, string?> flowNames = [];
        Dictionary<Guid, string?> deploymentNames = [];
        List<RunRow> rows = [];
        foreach (var run in found)
        {
            if (!flowNames.TryGetValue(run.FlowId, out var flow))
            {
                flowNames.Add(run.FlowId, flow = (await flows.GetAsync(run.FlowId, cancellationToken))?.Name);
            }

            string? deployment = null;
            if (run.DeploymentId is { } id && !deploymentNames.TryGetValue(id, out deployment))
            {
                deploymentNames.Add(id, deployment = (await deployments.GetAsync(id, cancellationToken))?.Name);
            }

            rows.Add(new RunRow(run, flow, deployment));
        }

        return rows;
    }

    /// <summary>The runs that a query matches, for a chart.</summary>
    public async Task<IReadOnlyList<ScatterPoint>> PointsAsync(FlowRunQuery query, Links links, CancellationToken cancellationToken) =>
        PointsOf(await queries.ListAsync(query, cancellationToken, withValues: false), links);

    /// <summary>Some runs, for a chart.</summary>
    public static IReadOnlyList<ScatterPoint> PointsOf(IEnumerable<FlowRun> runs, Links links) =>
        [
            .. runs.Where(run => run.StartTime is not null)
                .Select(run => new ScatterPoint(
                    run.StartTime!.Value,
                    run.TotalRunTime,
                    Looks.Kind(run.StateType, run.StateName),
                    run.Name,
                    links.FlowRun(run.Id)
                )),
        ];
}
