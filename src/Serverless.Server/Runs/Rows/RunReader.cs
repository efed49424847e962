using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Serverless.Core.Filters;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Queries;
using Serverless.Storage;
using Serverless.Storage.Columns;

namespace Serverless.Server.Runs;

/// <summary>Point reads and short scans of the rows of runs.</summary>
internal sealed class RunReader(IRowStore store, RecentFlowRuns recent)
{
    public async ValueTask<StoredFlowRun?> FlowRunAsync(Guid flowRunId, CancellationToken cancellationToken)
    {
        if (await store.GetAsync(RunKeys.FlowRun(flowRunId), cancellationToken) is not { } row)
        {
            return null;
        }

        // Each task run asks for its flow run, whose row has mostly not changed.
        if (recent.Find(flowRunId) is { } known && known.ETag == row.ETag)
        {
            return known;
        }

        var read = StoredFlowRun.From(row);
        if (read is not null)
        {
            recent.Keep(read, row.Properties);
        }

        return read;
    }

    /// <summary>A flow run as this process has read or written it last; null when it is not known here.</summary>
    public StoredFlowRun? RecentFlowRun(Guid flowRunId) => recent.Find(flowRunId);

    /// <summary>For lists, which do not fail for one row: null also for a run whose row is damaged.</summary>
    public async ValueTask<StoredFlowRun?> ListedFlowRunAsync(Guid flowRunId, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadBudget.TakeAsync(token => FlowRunAsync(flowRunId, token), cancellationToken);
        }
        catch (RowDamagedException)
        {
            // The store has reported it.
            return null;
        }
    }

    /// <summary>For lists, which do not fail for one row: null also for a task run whose row, or whose flow run's, is damaged.</summary>
    public async ValueTask<StoredTaskRun?> ListedTaskRunAsync(Guid taskRunId, CancellationToken cancellationToken)
    {
        try
        {
            return await TaskRunAsync(taskRunId, cancellationToken);
        }
        catch (RowDamagedException)
        {
            return null;
        }
    }

    public ValueTask<Row?> TaskRunRowAsync(Guid flowRunId, Guid taskRunId, CancellationToken cancellationToken) =>
        store.GetAsync(RunKeys.TaskRun(flowRunId, taskRunId), cancellationToken);

    /// <summary>The flow run that a task run is part of; null for one outside any flow, and for one that was never there.</summary>
    public async ValueTask<Guid?> FlowRunOfTaskRunAsync(Guid taskRunId, CancellationToken cancellationToken) =>
        await store.GetAsync(RunKeys.TaskRunOwner(taskRunId), cancellationToken) is { } owner
            ? owner.Properties.Get<Guid?>(FlowRunProperty)
            : await FlowRunOfAsync(taskRunId, cancellationToken);

    /// <summary>The partition of a task run, which may have been deleted; null for one that was never there.</summary>
    public async ValueTask<Guid?> HomeOfTaskRunAsync(Guid taskRunId, CancellationToken cancellationToken) =>
        await store.GetAsync(RunKeys.TaskRunOwner(taskRunId), cancellationToken) is { } owner
            ? HomeOf(owner)
            : await FlowRunOfAsync(taskRunId, cancellationToken);

    /// <summary>The partition that a row of <see cref="RunKeys.TaskRunOwner"/> names.</summary>
    public static Guid HomeOf(Row owner) => owner.Properties.Get<Guid?>(FlowRunProperty) ?? owner.Properties.Get<Guid>(HomeProperty);

    /// <summary>A task run that is there, and so is its flow run, if it is part of one.</summary>
    public async ValueTask<StoredTaskRun?> TaskRunAsync(Guid taskRunId, CancellationToken cancellationToken)
    {
        if (
            await HomeOfTaskRunAsync(taskRunId, cancellationToken) is not { } home
            || await TaskRunRowAsync(home, taskRunId, cancellationToken) is not { } row
        )
        {
            return null;
        }

        var attempt = TaskRunAttempt.From(row, null);
        if (attempt.TaskRun.FlowRunId is not { } flowRunId)
        {
            return new StoredTaskRun(attempt, null);
        }

        return await FlowRunAsync(flowRunId, cancellationToken) is { } flowRun
            ? new StoredTaskRun(attempt with { FlowRun = flowRun.Run }, flowRun)
            : null;
    }

    /// <summary>Whether task runs of a flow run may run now, and which attempts of them clients have ended.</summary>
    public async ValueTask<RunPermit> PermitAsync(Guid flowRunId, CancellationToken cancellationToken)
    {
        int? runCount = null;
        Dictionary<Guid, Guid> ended = [];
        await foreach (var row in store.ScanAsync(RunKeys.Permits(flowRunId), cancellationToken: cancellationToken))
        {
            if (row.RowKey.StartsWith(RunKeys.EndedAttemptPrefix, StringComparison.Ordinal))
            {
                ended[Guid.ParseExact(row.RowKey.AsSpan(RunKeys.EndedAttemptPrefix.Length), "N")] = row.Properties.Get<Guid>(
                    RunPermits.StateProperty
                );
            }
            else
            {
                runCount = int.Parse(row.RowKey.AsSpan(RunKeys.PermitPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture);
            }
        }

        return new RunPermit(runCount, ended);
    }

    /// <summary>A flow run's states, oldest first.</summary>
    public IAsyncEnumerable<State> StatesAsync(StoredFlowRun stored, CancellationToken cancellationToken) =>
        StatesAsync(
            RowRange.Prefix(RunKeys.Runs, RunKeys.Partition(stored.Run.Id), RunKeys.FlowRunStatePrefix),
            stored.History,
            stored.Run.State,
            cancellationToken
        );

    /// <summary>A task run's states, oldest first.</summary>
    public IAsyncEnumerable<State> StatesAsync(TaskRunAttempt stored, CancellationToken cancellationToken) =>
        StatesAsync(
            RunKeys.TaskRunStates(TaskRunKeys.Home(stored.TaskRun), stored.TaskRun.Id),
            stored.History,
            stored.TaskRun.State,
            cancellationToken
        );

    /// <summary>A flow run's result in JSON; null for none.</summary>
    public ValueTask<string?> ResultAsync(StoredFlowRun stored, CancellationToken cancellationToken) =>
        ResultAsync(stored.History, RunKeys.FlowRunResult(stored.Run.Id), cancellationToken);

    /// <summary>A task run's result in JSON; null for none.</summary>
    public ValueTask<string?> ResultAsync(TaskRunAttempt stored, CancellationToken cancellationToken) =>
        ResultAsync(stored.History, RunKeys.TaskRunResult(TaskRunKeys.Home(stored.TaskRun), stored.TaskRun.Id), cancellationToken);

    /// <summary>A state of any flow run that is there; null when there is none of that id.</summary>
    public async ValueTask<State?> FlowRunStateAsync(Guid stateId, CancellationToken cancellationToken)
    {
        await foreach (var row in store.ScanAsync(RunKeys.FlowRunsOfState(stateId), cancellationToken: cancellationToken))
        {
            var runId = Guid.ParseExact(row.PartitionKey, "N");
            if (
                StateIds.CanBeOf(stateId, runId)
                && StoredFlowRun.From(row) is { } stored
                && await StatesAsync(stored, cancellationToken).FirstOrDefaultAsync(state => state.Id == stateId, cancellationToken)
                    is { } found
            )
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>A state of any task run that is there; null when there is none of that id.</summary>
    public async ValueTask<State?> TaskRunStateAsync(Guid stateId, CancellationToken cancellationToken)
    {
        await foreach (var runId in TaskRunsOfStateAsync(stateId, cancellationToken))
        {
            if (
                await TaskRunAsync(runId, cancellationToken) is { } stored
                && await StatesAsync(stored.Attempt, cancellationToken).FirstOrDefaultAsync(state => state.Id == stateId, cancellationToken)
                    is { } found
            )
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>The task runs that a state can be one of, by their ids.</summary>
    private async IAsyncEnumerable<Guid> TaskRunsOfStateAsync(Guid stateId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in store.ScanAsync(RunKeys.TaskRunsOfState(stateId), cancellationToken: cancellationToken))
        {
            var runId = Guid.ParseExact(row.PartitionKey, "N");
            if (StateIds.CanBeOf(stateId, runId))
            {
                yield return runId;
            }
        }

        var flowRuns = RunKeys.FlowRunsOfState(stateId) with { KeysOnly = true };
        await foreach (var flowRun in store.ScanAsync(flowRuns, cancellationToken: cancellationToken))
        {
            var taskRuns = RunKeys.TaskRunsOf(Guid.ParseExact(flowRun.PartitionKey, "N")) with { KeysOnly = true };
            await foreach (var row in store.ScanAsync(taskRuns, cancellationToken: cancellationToken))
            {
                var runId = RunKeys.TaskRunOf(row.RowKey);
                if (StateIds.CanBeOf(stateId, runId))
                {
                    yield return runId;
                }
            }
        }
    }

    /// <summary>The flow run of a task run that has no owner row; null when there is none.</summary>
    private async ValueTask<Guid?> FlowRunOfAsync(Guid taskRunId, CancellationToken cancellationToken)
    {
        if (taskRunId.Version != 8)
        {
            return null;
        }

        if (store.Columns is { } columns)
        {
            ColumnQuery one = new(TaskRunColumns.Table, new Criterion.KeyIn([taskRunId]), TaskRunColumns.Of(TaskRunSort.IdDesc), 0, 1);
            return await columns.ValuesAsync(one, [TaskRunColumns.FlowRunId], cancellationToken) is [[Guid flowRun]] ? flowRun : null;
        }

        await foreach (var row in store.MergeAsync(RunKeys.FlowRunsOfTaskRun(taskRunId), cancellationToken: cancellationToken))
        {
            var flowRunId = RunKeys.ListRowRun(RunKeys.AllRunsById, row.RowKey);
            if (await TaskRunRowAsync(flowRunId, taskRunId, cancellationToken) is not null)
            {
                return flowRunId;
            }
        }

        return null;
    }

    /// <summary>What <see cref="RunKeys.TaskRunOwner"/> holds.</summary>
    public static RowProperties Owner(TaskRun run) =>
        run.FlowRunId is { } flowRunId ? new() { { FlowRunProperty, flowRunId } } : new() { { HomeProperty, TaskRunKeys.Home(run) } };

    private const string FlowRunProperty = "run";
    private const string HomeProperty = "home";

    private async IAsyncEnumerable<State> StatesAsync(
        RowRange rows,
        RunHistory history,
        State? present,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        State[] known = [.. history.States(), .. present is null ? Array.Empty<State>() : [present]];
        if (history.HasStateRows)
        {
            await foreach (var row in store.ScanAsync(rows, cancellationToken: cancellationToken))
            {
                // Meanwhile the others may have moved into rows, too.
                var state = RowDocs.Read<State>(row);
                if (!Array.Exists(known, other => other.Id == state.Id) && state.Timestamp < known[0].Timestamp)
                {
                    yield return state;
                }
            }
        }

        foreach (var state in known)
        {
            yield return state;
        }
    }

    private async ValueTask<string?> ResultAsync(RunHistory history, RowAddress row, CancellationToken cancellationToken) =>
        history switch
        {
            { IsLost: true } => null,
            { Result: { } json } => Encoding.UTF8.GetString(json),
            { HasResultRow: true } => await store.GetAsync(row, cancellationToken) is { } stored ? RowTexts.Read(stored) : null,
            _ => null,
        };
}
