using Microsoft.AspNetCore.Http;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Artifacts;
using Serverless.Server.Flows;
using Serverless.Server.Runs;
using Serverless.Web.DataAssets;
using Serverless.Web.FlowRuns;
using Serverless.Web.Http;
using Serverless.Web.Limits;

namespace Serverless.Web.TaskRuns;

/// <summary>Reads what the page of a task run shows: of its tabs the one that is open.</summary>
internal sealed class TaskRunReader(
    TaskRunService tasks,
    FlowRunService runs,
    FlowService flows,
    TabReader tabs,
    TimelineReader timelines,
    ArtifactQueries artifacts,
    MadeRows made,
    SlotWaits waits
)
{
    private const int MostInputs = 20;

    private static readonly (string, string)[] Names =
    [
        ("logs", "Logs"),
        ("states", "States"),
        ("result", "Result"),
        ("artifacts", "Artifacts"),
        ("assets", "Assets"),
    ];

    public async Task<TaskRunModel?> ReadAsync(Guid id, HttpRequest request, CancellationToken cancellationToken)
    {
        if (await tasks.GetAsync(id, cancellationToken) is not { } task)
        {
            return null;
        }

        var run = task.FlowRunId is { } flowRun ? await runs.GetAsync(flowRun, cancellationToken) : null;
        List<TaskRun> inputs = [];
        foreach (var before in TimelineReader.AfterOf(task).Take(MostInputs))
        {
            if (await tasks.GetAsync(before, cancellationToken) is { } input)
            {
                inputs.Add(input);
            }
        }

        return new TaskRunModel(
            task,
            run,
            run is null ? null : await flows.GetAsync(run.FlowId, cancellationToken),
            inputs,
            await waits.OfAsync(task, cancellationToken),
            await timelines.ReadAsync(task, Links.Of(request), cancellationToken),
            await TabsAsync(task, request, cancellationToken)
        );
    }

    /// <summary>The tabs alone.</summary>
    public async Task<FlowRunTabsModel?> ReadTabsAsync(Guid id, HttpRequest request, CancellationToken cancellationToken) =>
        await tasks.GetAsync(id, cancellationToken) is { } task ? await TabsAsync(task, request, cancellationToken) : null;

    private async Task<FlowRunTabsModel> TabsAsync(TaskRun task, HttpRequest request, CancellationToken cancellationToken)
    {
        var links = Links.Of(request);
        var asked = request.Query["tab"].ToString();
        var open = Names.Any(name => name.Item1 == asked) ? asked : "logs";
        var address = $"/runs/task-run/{task.Id}";
        FlowRunTabsModel model = new(address, Names, open);
        switch (open)
        {
            case "states":
                return model with { States = await tasks.GetStatesAsync(task.Id, cancellationToken) };
            case "result":
                var result = await tasks.GetResultAsync(task.Id, cancellationToken);
                return model with { Value = TabReader.ValueOf(result, links.Api($"/task_runs/{task.Id}/result")) };
            case "artifacts":
                ArtifactQuery ofTask = new()
                {
                    Artifacts = new ArtifactFilter { TaskRunId = new IdFilter { Any = [task.Id] } },
                    Sort = ArtifactSort.CreatedDesc,
                    Limit = TabReader.PageSize,
                };
                return model with { Artifacts = await artifacts.FilterAsync(ofTask, cancellationToken) };
            case "assets":
                return model with
                {
                    Assets = await made.OfRunAsync(task.DelayedBy is null ? task.FlowRunId : null, task.Id, cancellationToken),
                };
            default:
                LogFilter lines = new() { TaskRunId = new IdFilter { Any = [task.Id] } };
                var isOpen = task.StateType is not { } type || !type.IsFinal();
                return model with { Logs = await tabs.LogsAsync(lines, links, $"{address}?tab=logs", isOpen, request, cancellationToken) };
        }
    }
}
