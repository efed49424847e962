using System.Runtime.CompilerServices;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Queries;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>Task runs, but for their transitions: those go through <see cref="RunGate"/>.</summary>
public sealed class TaskRunService
{
    private readonly IRowStore _store;
    private readonly TimeProvider _time;
    private readonly FlowService _flows;
    private readonly DeploymentService _deployments;
    private readonly RunReader _reader;
    private readonly FlowRunQueries _flowRuns;

    /// <summary>Creates the service.</summary>
    public TaskRunService(IRowStore store, TimeProvider time, FlowService flows, DeploymentService deployments)
    {
        _store = store;
        _time = time;
        _flows = flows;
        _deployments = deployments;
        _reader = new RunReader(store);
        _flowRuns = new FlowRunQueries(store, _reader, flows, deployments);
    }

    /// <summary>A task run as it is now; null when there is none.</summary>
    public async Task<TaskRun?> GetAsync(Guid taskRunId, CancellationToken cancellationToken = default) =>
        (await FindAsync(taskRunId, cancellationToken))?.WithEstimates(_time.GetUtcNow());

    /// <summary>The task run's states, oldest first; none when there is no such run.</summary>
    public async Task<IReadOnlyList<State>> GetStatesAsync(Guid taskRunId, CancellationToken cancellationToken = default) =>
        await FindAsync(taskRunId, cancellationToken) is { FlowRunId: { } flowRunId }
            ? await _reader.TaskRunStatesAsync(flowRunId, taskRunId, cancellationToken)
            : [];

    /// <summary>How the task run ended so far, with its result; null when there is no such run.</summary>
    public async Task<RunResult?> GetResultAsync(Guid taskRunId, CancellationToken cancellationToken = default)
    {
        if (await FindAsync(taskRunId, cancellationToken) is not { FlowRunId: { } flowRunId } run)
        {
            return null;
        }

        string? json = run.StateType?.IsFinal() == true ? await _reader.TextAsync(RunKeys.TaskRunResult(flowRunId, taskRunId), cancellationToken) : null;
        return new RunResult(run.State, json ?? (run.StateType == StateType.Completed ? "null" : null));
    }

    /// <summary>The task runs that a query matches, in its order.</summary>
    public async Task<IReadOnlyList<TaskRun>> FilterAsync(TaskRunQuery query, CancellationToken cancellationToken = default)
    {
        DateTimeOffset now = _time.GetUtcNow();
        IReadOnlyList<TaskRun> runs =
            await Page.Of(query.Offset, query.Limit).SortAsync(MatchAsync(query, cancellationToken), query.Sort.Comparer());
        return [.. runs.Select(run => run.WithEstimates(now))];
    }

    /// <summary>How many task runs a query's filters match.</summary>
    public async Task<int> CountAsync(TaskRunQuery query, CancellationToken cancellationToken = default)
    {
        int count = 0;
        if (AsksForFlowRunsOnly(query.TaskRuns))
        {
            await foreach (StoredFlowRun flowRun in _flowRuns.MatchAsync(query, withTaskRuns: false, cancellationToken))
            {
                await foreach (Row _ in _store.ScanAsync(TaskRunsOf(flowRun.Run.Id), 1000, cancellationToken))
                {
                    count++;
                }
            }

            return count;
        }

        await foreach (TaskRun _ in MatchAsync(query, cancellationToken))
        {
            count++;
        }

        return count;
    }

    private static RowRange TaskRunsOf(Guid flowRunId) =>
        RowRange.Prefix(RunKeys.Runs, RunKeys.Partition(flowRunId), RunKeys.TaskRunPrefix);

    /// <summary>True when every task run of the matching flow runs is wanted, so that counting need not read them.</summary>
    private static bool AsksForFlowRunsOnly(TaskRunFilter? filter) => filter is null
        || filter == new TaskRunFilter()
        || (filter.FlowRunId is { Any: not null, IsNull: not true } owner
            && filter == new TaskRunFilter { FlowRunId = new IdFilter { Any = owner.Any } });

    private async ValueTask<TaskRun?> FindAsync(Guid taskRunId, CancellationToken cancellationToken)
    {
        if (await _reader.FlowRunOfTaskRunAsync(taskRunId, cancellationToken) is not { } flowRunId
            || await _reader.FlowRunAsync(flowRunId, cancellationToken) is null)
        {
            return null;
        }

        return await _reader.TaskRunRowAsync(flowRunId, taskRunId, cancellationToken) is { } row ? RowDocs.Read<TaskRun>(row) : null;
    }

    private async IAsyncEnumerable<TaskRun> MatchAsync(TaskRunQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (query.TaskRuns is { Operator: Operator.And, Id: { Operator: Operator.And, Any: { } ids } })
        {
            RelatedFilters filters = new(query, _store, _flows, _deployments);
            foreach (Guid id in ids.Distinct())
            {
                if (await FindAsync(id, cancellationToken) is { FlowRunId: { } flowRunId } run
                    && query.TaskRuns.Matches(run)
                    && await _reader.FlowRunAsync(flowRunId, cancellationToken) is { } owner
                    && await filters.MatchFlowRunAsync(owner, cancellationToken))
                {
                    yield return run;
                }
            }

            yield break;
        }

        await foreach (StoredFlowRun flowRun in _flowRuns.MatchAsync(query, withTaskRuns: false, cancellationToken))
        {
            await foreach (Row row in _store.ScanAsync(TaskRunsOf(flowRun.Run.Id), cancellationToken: cancellationToken))
            {
                TaskRun run = RowDocs.Read<TaskRun>(row);
                if (query.TaskRuns?.Matches(run) ?? true)
                {
                    yield return run;
                }
            }
        }
    }
}
