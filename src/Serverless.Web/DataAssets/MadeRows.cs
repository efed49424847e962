using Serverless.Core.Models;
using Serverless.Server.Assets;
using Serverless.Server.Runs;

namespace Serverless.Web.DataAssets;

/// <summary>Reads rows of materializations with the names of the runs that made them.</summary>
internal sealed class MadeRows(AssetService assets, FlowRunService runs, TaskRunService tasks)
{
    private const int MostOfARun = 200;

    /// <summary>What a flow run or one of its task runs made, the latest first.</summary>
    public async Task<IReadOnlyList<MadeRow>> OfRunAsync(Guid? flowRunId, Guid? taskRunId, CancellationToken cancellationToken)
    {
        var made = await assets.MadeByAsync(flowRunId, taskRunId, MostOfARun, cancellationToken);
        return await OfAsync(
            made.OrderByDescending(one => one.Occurred).ThenBy(one => one.AssetKey, StringComparer.Ordinal),
            cancellationToken
        );
    }

    /// <summary>The rows of some materializations.</summary>
    public async Task<IReadOnlyList<MadeRow>> OfAsync(IEnumerable<AssetMaterialization> made, CancellationToken cancellationToken)
    {
        Dictionary<Guid, string?> runNames = [];
        List<MadeRow> rows = [];
        foreach (var one in made)
        {
            string? run = null;
            if (one.FlowRunId is { } id && !runNames.TryGetValue(id, out run))
            {
                runNames.Add(id, run = (await runs.GetAsync(id, cancellationToken))?.Name);
            }

            var task = one.TaskRunId is { } taskId ? (await tasks.GetAsync(taskId, cancellationToken))?.Name : null;
            rows.Add(new MadeRow(one, run, task));
        }

        return rows;
    }
}
