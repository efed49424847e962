using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Flows.Hosting;
using Serverless.Functions.FlowRuns;
using Serverless.Server.Flows;
using Serverless.Server.Runs;

namespace Serverless.Functions.Hooks;

/// <summary>Reads what hooks are told of a run.</summary>
/// <param name="runs">The stored flow runs.</param>
/// <param name="taskRuns">The stored task runs.</param>
/// <param name="background">The background task runs.</param>
/// <param name="registered">The flows of the app as they are stored.</param>
/// <param name="infos">How flow runs are shown to authors.</param>
/// <param name="flows">The flows and tasks of the app.</param>
public sealed class HookedRuns(
    FlowRunService runs,
    TaskRunService taskRuns,
    BackgroundTaskRuns background,
    RegisteredFlows registered,
    FlowRunInfos infos,
    FlowRegistry flows
)
{
    /// <summary>In the place of the flow run of a background task run, which has none.</summary>
    private static readonly FlowRunInfo NoFlowRun = new(Guid.Empty, "", "", 0, DateTimeOffset.MinValue, "{}", []);

    /// <summary>The run; null when it was deleted, or its code is not in this app any more.</summary>
    internal async Task<HookedRun?> ReadAsync(HookStart start, CancellationToken cancellationToken)
    {
        if (start.IsBackground)
        {
            return await ReadBackgroundAsync(start, cancellationToken);
        }

        if (await runs.GetAsync(start.FlowRunId, cancellationToken) is not { } run)
        {
            // An orchestration that comes after the removal of those of the deleted run is to be removed, too.
            await runs.RequestPurgeAsync(start.FlowRunId, start.Generation, cancellationToken);
            return null;
        }

        return registered.TryGet(run.FlowId, out var stored) && flows.TryGetFlow(stored.Name, out var flow)
            ? start.TaskRunId is { } taskRunId
                ? await ReadAsync(start, infos.Of(run), taskRunId, cancellationToken)
                : await ReadAsync(start, run, flow, cancellationToken)
            : null;
    }

    private async Task<HookedRun?> ReadBackgroundAsync(HookStart start, CancellationToken cancellationToken)
    {
        var taskRunId = start.FlowRunId;
        var found = await ReadAsync(start, NoFlowRun, taskRunId, cancellationToken);
        if (found is null && await taskRuns.GetAsync(taskRunId, cancellationToken) is null)
        {
            await background.RequestPurgeAsync(taskRunId, cancellationToken);
        }

        return found;
    }

    private async Task<HookedRun?> ReadAsync(HookStart start, FlowRun run, FlowDefinition flow, CancellationToken cancellationToken)
    {
        var now = await runs.GetResultAsync(run.Id, cancellationToken);
        return now?.State is { } state && state.Id == start.StateId ? Of(state, JsonOf(now))
            : await runs.GetStateAsync(start.StateId, cancellationToken) is { } past ? Of(past, resultJson: null)
            : null;

        HookedRun Of(State state, string? resultJson) => new(flow, infos.Of(run), TaskRun: null, state, resultJson, run.RunCount);
    }

    private async Task<HookedRun?> ReadAsync(HookStart start, FlowRunInfo run, Guid taskRunId, CancellationToken cancellationToken)
    {
        if (await taskRuns.GetAsync(taskRunId, cancellationToken) is not { } taskRun || !flows.TryGetTask(taskRun.TaskKey, out var task))
        {
            return null;
        }

        var now = await taskRuns.GetResultAsync(taskRunId, cancellationToken);
        return now?.State is { } state && state.Id == start.StateId ? Of(state, JsonOf(now))
            : await taskRuns.GetStateAsync(start.StateId, cancellationToken) is { } past ? Of(past, resultJson: null)
            : null;

        HookedRun Of(State state, string? resultJson) =>
            new(
                task,
                run,
                new TaskRunInfo(taskRunId, taskRun.Name, task.Name, taskRun.RunCount),
                state,
                resultJson,
                taskRun.FlowRunRunCount
            );
    }

    /// <summary>The result, unless the state says that it lies in a storage.</summary>
    private static string? JsonOf(RunResult result) => StoredResult.Of(result.State?.Data) is null ? result.Json : null;
}
