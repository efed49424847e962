using System.Runtime.CompilerServices;
using Serverless.Core.States;
using Serverless.Server.Queries;
using Serverless.Storage.Columns;

namespace Serverless.Server.Runs;

/// <summary>Finds runs by their columns.</summary>
internal sealed class ColumnFlowRunLists(IColumnStore columns) : IFlowRunLists
{
    private static readonly ColumnOrder ByDue = new(FlowRunColumns.Due, Descending: false);
    private static readonly ColumnOrder ByEnd = new(FlowRunColumns.Ended, Descending: false);
    private static readonly ColumnOrder ByStart = new(FlowRunColumns.ExpectedStart, Descending: true);

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredFlowRun> DueAsync(string list, DateTimeOffset before, CancellationToken cancellationToken) =>
        RunsAsync(
            new Criterion.In(FlowRunColumns.DueList, [list]).And(new Criterion.Below(FlowRunColumns.Due, before)),
            ByDue,
            cancellationToken
        );

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredFlowRun> ScheduledAsync(Guid deploymentId, CancellationToken cancellationToken) =>
        RunsAsync(new Criterion.In(FlowRunColumns.ScheduledFor, [deploymentId]), ByStart, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<Guid> OfFlowAsync(Guid flowId, CancellationToken cancellationToken) =>
        columns
            .StreamAsync(FlowRunColumns.Table, new Criterion.In(FlowRunColumns.FlowId, [flowId]), ByStart, cancellationToken)
            .Select(hit => hit.Key);

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredFlowRun> OpenAsync(
        DateTimeOffset? startingBefore,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        foreach (var type in Enum.GetValues<StateType>().Where(type => !type.IsFinal()))
        {
            Criterion runs = new Criterion.In(FlowRunColumns.StateType, [FilterCriteria.Value(type)]);
            if (type == StateType.Scheduled && startingBefore is { } time)
            {
                runs = runs.And(new Criterion.Below(FlowRunColumns.ExpectedStart, time));
            }

            await foreach (var run in RunsAsync(runs, ByStart, cancellationToken))
            {
                yield return run;
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<(string Place, StoredFlowRun? Run)> EndedAsync(
        DateTimeOffset before,
        string? from,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var ended = new Criterion.Below(FlowRunColumns.Ended, before).And(TimePlaces.After(ByEnd, from));
        await foreach (var hit in columns.StreamAsync(FlowRunColumns.Table, ended, ByEnd, cancellationToken))
        {
            yield return (TimePlaces.Of(hit), hit.Row is { } row ? StoredFlowRun.From(row) : null);
        }
    }

    private async IAsyncEnumerable<StoredFlowRun> RunsAsync(
        Criterion runs,
        ColumnOrder order,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var hit in columns.StreamAsync(FlowRunColumns.Table, runs, order, cancellationToken))
        {
            if (hit.Row is { } row && StoredFlowRun.From(row) is { } stored)
            {
                yield return stored;
            }
        }
    }
}
