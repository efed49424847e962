using System.Runtime.CompilerServices;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Queries;
using Serverless.Storage;
using Serverless.Storage.Columns;

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
    private readonly TaskRunDeletion _deletion;

    internal TaskRunService(
        IRowStore store,
        TimeProvider time,
        FlowService flows,
        DeploymentService deployments,
        RunReader reader,
        FlowRunQueries flowRuns,
        TaskRunDeletion deletion
    )
    {
        _store = store;
        _time = time;
        _flows = flows;
        _deployments = deployments;
        _reader = reader;
        _flowRuns = flowRuns;
        _deletion = deletion;
    }

    /// <summary>A task run as it is now; null when there is none.</summary>
    public async Task<TaskRun?> GetAsync(Guid taskRunId, CancellationToken cancellationToken = default) =>
        (await FindAsync(taskRunId, cancellationToken))?.WithEstimates(_time.GetUtcNow());

    /// <summary>The task run's states, oldest first; none when there is no such run.</summary>
    public async Task<IReadOnlyList<State>> GetStatesAsync(Guid taskRunId, CancellationToken cancellationToken = default) =>
        await _reader.TaskRunAsync(taskRunId, cancellationToken) is { } stored
            ? await Page.AllAsync(_reader.StatesAsync(stored.Attempt, cancellationToken))
            : [];

    /// <summary>A state of any task run by its id; null when there is none.</summary>
    public async Task<State?> GetStateAsync(Guid stateId, CancellationToken cancellationToken = default) =>
        await _reader.TaskRunStateAsync(stateId, cancellationToken);

    /// <summary>How the task run ended so far, with its result; null when there is no such run.</summary>
    public async Task<RunResult?> GetResultAsync(Guid taskRunId, CancellationToken cancellationToken = default)
    {
        return await _reader.TaskRunAsync(taskRunId, cancellationToken) is { Attempt: { } attempt }
            ? await ResultOfAsync(attempt, cancellationToken)
            : null;
    }

    /// <summary>How a task run ended so far, with its result.</summary>
    internal async Task<RunResult> ResultOfAsync(TaskRunAttempt attempt, CancellationToken cancellationToken)
    {
        var json = attempt.TaskRun.StateType?.IsFinal() == true ? await _reader.ResultAsync(attempt, cancellationToken) : null;
        return RunResult.Of(attempt.TaskRun.State, json, attempt.History);
    }

    /// <summary>
    /// Deletes a task run with its history; false when there is no such run. Those of a flow run of this app go with it.
    /// </summary>
    /// <exception cref="RequestConflictException">The flow run belongs to this app.</exception>
    public Task<bool> DeleteAsync(Guid taskRunId, CancellationToken cancellationToken = default) =>
        _deletion.DeleteAsync(taskRunId, cancellationToken);

    /// <summary>The task runs that a query matches, in its order.</summary>
    public async Task<IReadOnlyList<TaskRun>> FilterAsync(TaskRunQuery query, CancellationToken cancellationToken = default)
    {
        var now = _time.GetUtcNow();
        var page = Page.Of(query.Offset, query.Limit);
        var runs = _store.Columns is not { } columns
            ? await page.SortAsync(MatchAsync(query, cancellationToken), query.Sort.Comparer())
            : await columns.PageAsync(
                TaskRunColumns.Table,
                ColumnsOf(query),
                TaskRunColumns.Of(query.Sort),
                page,
                TaskRunRows.Read,
                cancellationToken
            );
        return [.. runs.Select(run => run.WithEstimates(now))];
    }

    /// <summary>How many task runs a query's filters match.</summary>
    public async Task<int> CountAsync(TaskRunQuery query, CancellationToken cancellationToken = default)
    {
        if (_store.Columns is { } columns)
        {
            return (int)await columns.CountAsync(TaskRunColumns.Table, ColumnsOf(query), cancellationToken);
        }

        var count = 0;
        if (AsksForFlowRunsOnly(query.TaskRuns))
        {
            await foreach (var flowRun in _flowRuns.MatchAsync(query, withTaskRuns: false, cancellationToken))
            {
                await foreach (var _ in _store.TaskRunRowsAsync(flowRun.Run.Id, cancellationToken))
                {
                    count++;
                }
            }

            if (IsOfAnyFlowRun(query))
            {
                await foreach (var _ in FlowlessRowsAsync(1000, cancellationToken))
                {
                    count++;
                }
            }

            return count;
        }

        await foreach (var _ in MatchAsync(query, cancellationToken))
        {
            count++;
        }

        return count;
    }

    /// <summary>How many task runs a query's filters match, by the type of their state.</summary>
    internal async Task<IReadOnlyDictionary<StateType, int>> CountByStateAsync(TaskRunQuery query, CancellationToken cancellationToken)
    {
        Dictionary<StateType, int> counts = [];
        if (_store.Columns is { } columns)
        {
            ColumnSumQuery byState = new(TaskRunColumns.Table, ColumnsOf(query), [TaskRunColumns.StateType]);
            foreach (var group in await columns.SumAsync(byState, cancellationToken))
            {
                if (group.Values[0] is long type)
                {
                    counts.Add((StateType)type, (int)group.Count);
                }
            }

            return counts;
        }

        await foreach (var run in MatchAsync(query, cancellationToken))
        {
            if (run.StateType is { } type)
            {
                counts[type] = counts.GetValueOrDefault(type) + 1;
            }
        }

        return counts;
    }

    /// <summary>What a query's filters ask of the columns.</summary>
    internal static Criterion ColumnsOf(TaskRunQuery query) =>
        RelatedFilters.AskForWorkPools(query) ? Criterion.Nothing : TaskRunColumns.Of(query);

    /// <summary>True when every task run of the matching flow runs is wanted, so that counting need not read them.</summary>
    private static bool AsksForFlowRunsOnly(TaskRunFilter? filter) =>
        filter is null
        || filter == new TaskRunFilter()
        || (
            filter.FlowRunId is { Any: not null, IsNull: not true } owner
            && filter == new TaskRunFilter { FlowRunId = new IdFilter { Any = owner.Any } }
        );

    /// <summary>True when task runs outside any flow can match: nothing is asked about flows.</summary>
    private static bool IsOfAnyFlowRun(TaskRunQuery query) =>
        query is { Flows: null, FlowRuns: null, Deployments: null }
        && (query.TaskRuns?.FlowRunId is null or { IsNull: true } || query.TaskRuns.Operator != Operator.And);

    private async ValueTask<TaskRun?> FindAsync(Guid taskRunId, CancellationToken cancellationToken) =>
        (await _reader.TaskRunAsync(taskRunId, cancellationToken))?.TaskRun;

    /// <summary>Every task run that the query's filters match, each once, in any order.</summary>
    internal async IAsyncEnumerable<TaskRun> MatchAsync(TaskRunQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_store.Columns is { } columns)
        {
            var order = TaskRunColumns.Of(TaskRunSort.IdDesc);
            await foreach (var hit in columns.StreamAsync(TaskRunColumns.Table, ColumnsOf(query), order, cancellationToken))
            {
                if (hit.Row is { } row)
                {
                    yield return TaskRunRows.Read(row);
                }
            }

            yield break;
        }

        RelatedFilters filters = new(query, _store, _flows, _deployments);
        var ofAny = IsOfAnyFlowRun(query) && filters.MatchWorkPool();
        if (query.TaskRuns is { Operator: Operator.And, Id: { Operator: Operator.And, Any: { } ids } })
        {
            foreach (var id in ids.Distinct())
            {
                if (
                    await _reader.ListedTaskRunAsync(id, cancellationToken) is { } stored
                    && query.TaskRuns.Matches(stored.TaskRun)
                    && (
                        await FlowRunOfAsync(stored, cancellationToken) is { } flowRun
                            ? await filters.MatchFlowRunAsync(flowRun, cancellationToken)
                            : ofAny
                    )
                )
                {
                    yield return stored.TaskRun;
                }
            }

            yield break;
        }

        if (ofAny)
        {
            await foreach (var run in FlowlessAsync(cancellationToken))
            {
                if (query.TaskRuns?.Matches(run) ?? true)
                {
                    yield return run;
                }
            }
        }

        if (query.TaskRuns is { Operator: Operator.And, FlowRunId.IsNull: true })
        {
            yield break;
        }

        await foreach (var flowRun in _flowRuns.MatchAsync(query, withTaskRuns: false, cancellationToken))
        {
            await foreach (var row in _store.TaskRunRowsAsync(flowRun.Run.Id, cancellationToken))
            {
                var run = TaskRunRows.Read(row);
                if (query.TaskRuns?.Matches(run) ?? true)
                {
                    yield return run;
                }
            }
        }
    }

    /// <summary>The flow run that a task run is part of, or that had it run in the background and is there still.</summary>
    private async ValueTask<StoredFlowRun?> FlowRunOfAsync(StoredTaskRun stored, CancellationToken cancellationToken) =>
        stored.FlowRun
        ?? (stored.TaskRun.DelayedBy is { } flowRunId ? await _reader.ListedFlowRunAsync(flowRunId, cancellationToken) : null);

    private async IAsyncEnumerable<TaskRun> FlowlessAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in FlowlessRowsAsync(200, cancellationToken))
        {
            if (await FindAsync(TaskRunKeys.FlowlessRowRun(row.RowKey), cancellationToken) is { } run)
            {
                yield return run;
            }
        }
    }

    /// <summary>The list of the task runs outside any flow, without those that are found by the flow run that had them run.</summary>
    private async IAsyncEnumerable<Row> FlowlessRowsAsync(int pageSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in _store.MergeAsync(RunKeys.List(TaskRunKeys.Flowless), pageSize, cancellationToken))
        {
            if (
                row.Properties.Get<Guid?>(TaskRunRows.DelayedByProperty) is not { } flowRunId
                || await _reader.ListedFlowRunAsync(flowRunId, cancellationToken) is null
            )
            {
                yield return row;
            }
        }
    }
}
