using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serverless.Core.Filters;
using Serverless.Core.Json;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Artifacts;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Runs;
using Serverless.Web.DataAssets;
using Serverless.Web.Forms;
using Serverless.Web.Http;
using Serverless.Web.Limits;
using Serverless.Web.Runs;
using Serverless.Web.Shared;

namespace Serverless.Web.FlowRuns;

/// <summary>Reads what the page of a flow run shows: of its tabs the one that is open.</summary>
internal sealed class FlowRunReader(
    FlowRunService runs,
    TaskRunService tasks,
    RunCounts counts,
    FlowService flows,
    DeploymentService deployments,
    RunInputs inputs,
    TimelineReader timelines,
    TabReader tabs,
    RunRows rows,
    ArtifactQueries artifacts,
    MadeRows made,
    SlotWaits waits
)
{
    private const int MostFailures = 3;

    private static readonly (string, string)[] Names =
    [
        ("logs", "Logs"),
        ("task-runs", "Task runs"),
        ("subflow-runs", "Subflow runs"),
        ("artifacts", "Artifacts"),
        ("assets", "Assets"),
        ("result", "Result"),
        ("parameters", "Parameters"),
        ("states", "States"),
    ];

    public async Task<FlowRunModel?> ReadAsync(Guid id, HttpRequest request, CancellationToken cancellationToken)
    {
        if (await runs.GetAsync(id, cancellationToken) is not { } run)
        {
            return null;
        }

        var links = Links.Of(request);
        var byState = await CountAsync(id, cancellationToken);
        var hasFailures = byState.GetValueOrDefault(StateType.Failed) + byState.GetValueOrDefault(StateType.Crashed) > 0;
        var parent = run.ParentTaskRunId is { } task ? await tasks.GetAsync(task, cancellationToken) : null;
        return new FlowRunModel(
            run,
            await flows.GetAsync(run.FlowId, cancellationToken),
            run.DeploymentId is { } deployment ? await deployments.GetAsync(deployment, cancellationToken) : null,
            parent?.FlowRunId,
            byState,
            hasFailures ? await FailuresAsync(id, cancellationToken) : [],
            await PauseAsync(run, cancellationToken),
            await waits.OfAsync(run, cancellationToken),
            await timelines.ReadAsync(id, byState.Values.Sum(), TimelineView.Of(request), links, cancellationToken),
            await TabsAsync(run, byState, request, cancellationToken)
        );
    }

    /// <summary>The tabs alone.</summary>
    public async Task<FlowRunTabsModel?> ReadTabsAsync(Guid id, HttpRequest request, CancellationToken cancellationToken) =>
        await runs.GetAsync(id, cancellationToken) is { } run
            ? await TabsAsync(run, await CountAsync(id, cancellationToken), request, cancellationToken)
            : null;

    /// <summary>What a paused run asks for; null when it asks for nothing.</summary>
    public async Task<PauseModel?> PauseAsync(FlowRun run, CancellationToken cancellationToken)
    {
        if (
            run.State is not { Type: StateType.Paused, StateDetails.RunInputKeyset: { } keyset }
            || await SchemaAsync(run, cancellationToken) is not { } schema
        )
        {
            return null;
        }

        var description = keyset.TryGetValue("description", out var key) ? await inputs.GetAsync(run.Id, key, cancellationToken) : null;
        return new PauseModel(run.Id, TextOf(description), SchemaFormModel.Of(schema, JsonObjects.Empty));
    }

    /// <summary>The schema of what a paused run asks for.</summary>
    public async Task<JsonElement?> SchemaAsync(FlowRun run, CancellationToken cancellationToken)
    {
        if (
            run.State?.StateDetails.RunInputKeyset is not { } keyset
            || !keyset.TryGetValue("schema", out var key)
            || await inputs.GetAsync(run.Id, key, cancellationToken) is not { } text
        )
        {
            return null;
        }

        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            // A client wrote it. The answer can be given as JSON, and the server says what is wrong.
            return JsonElement.Parse("{}");
        }
    }

    /// <summary>Prefect's clients store the question as JSON.</summary>
    private static string? TextOf(string? stored)
    {
        try
        {
            return stored is null ? null
                : JsonElement.Parse(stored) is { ValueKind: JsonValueKind.String } text ? text.GetString()
                : stored;
        }
        catch (JsonException)
        {
            return stored;
        }
    }

    private Task<IReadOnlyDictionary<StateType, int>> CountAsync(Guid id, CancellationToken cancellationToken) =>
        counts.CountByStateAsync(new TaskRunQuery { TaskRuns = OfRun(id) }, cancellationToken);

    private Task<IReadOnlyList<TaskRun>> FailuresAsync(Guid id, CancellationToken cancellationToken) =>
        tasks.FilterAsync(
            new TaskRunQuery
            {
                TaskRuns = OfRun(id) with
                {
                    State = new StateFilter { Type = new StateTypeFilter { Any = [StateType.Failed, StateType.Crashed] } },
                },
                Sort = TaskRunSort.ExpectedStartTimeAsc,
                Limit = MostFailures,
            },
            cancellationToken
        );

    private static TaskRunFilter OfRun(Guid id) => new() { FlowRunId = new IdFilter { Any = [id] } };

    private async Task<FlowRunTabsModel> TabsAsync(
        FlowRun run,
        IReadOnlyDictionary<StateType, int> byState,
        HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        var links = Links.Of(request);
        var asked = request.Query["tab"].ToString();
        var open =
            Names.Any(name => name.Item1 == asked) ? asked
            : byState.Values.Sum() > 0 ? "task-runs"
            : "logs";
        var address = TimelineView.Of(request).Path(run.Id, withTab: false);
        FlowRunTabsModel model = new(address, Names, open);
        switch (open)
        {
            case "logs":
                LogFilter lines = new() { FlowRunId = new IdFilter { Any = [run.Id] } };
                var isOpen = run.StateType is not { } type || !type.IsFinal();
                var logs = await tabs.LogsAsync(lines, links, Links.Query(address, ("tab", "logs")), isOpen, request, cancellationToken);
                return model with { Logs = logs with { Download = links.Api($"/flow_runs/{run.Id}/logs/download") } };
            case "task-runs":
                return model with { TaskRuns = await tabs.TaskRunsAsync(run.Id, byState, links, address, request, cancellationToken) };
            case "subflow-runs":
                FlowRunQuery subflows = new()
                {
                    FlowRuns = new FlowRunFilter { ParentFlowRunId = new IdFilter { Any = [run.Id] } },
                    Sort = FlowRunSort.ExpectedStartTimeDesc,
                    Limit = TabReader.PageSize,
                };
                return model with { Subflows = await rows.ReadAsync(subflows, cancellationToken) };
            case "artifacts":
                ArtifactQuery ofRun = new()
                {
                    Artifacts = new ArtifactFilter { FlowRunId = new IdFilter { Any = [run.Id] } },
                    Sort = ArtifactSort.CreatedDesc,
                    Limit = TabReader.PageSize,
                };
                return model with { Artifacts = await artifacts.FilterAsync(ofRun, cancellationToken) };
            case "assets":
                return model with { Assets = await made.OfRunAsync(run.Id, taskRunId: null, cancellationToken) };
            case "result":
                var result = await runs.GetResultAsync(run.Id, cancellationToken);
                return model with { Value = TabReader.ValueOf(result, links.Api($"/flow_runs/{run.Id}/result")) };
            case "parameters":
                var json = JsonSerializer.SerializeToElement(run.Parameters, WireJson.TypeInfo<IReadOnlyDictionary<string, JsonElement>>());
                return model with { Value = new ValueModel(Looks.Json(json), null, links.Api($"/flow_runs/{run.Id}")) };
            default:
                return model with { States = await runs.GetStatesAsync(run.Id, cancellationToken) };
        }
    }
}
