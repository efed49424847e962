using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>Point reads and short scans of the rows of runs.</summary>
internal sealed class RunReader(IRowStore store)
{
    public async ValueTask<StoredFlowRun?> FlowRunAsync(Guid flowRunId, CancellationToken cancellationToken) =>
        await store.GetAsync(RunKeys.FlowRun(flowRunId), cancellationToken) is { } row ? StoredFlowRun.From(row) : null;

    public ValueTask<Row?> TaskRunRowAsync(Guid flowRunId, Guid taskRunId, CancellationToken cancellationToken) =>
        store.GetAsync(RunKeys.TaskRun(flowRunId, taskRunId), cancellationToken);

    public async ValueTask<Guid?> FlowRunOfTaskRunAsync(Guid taskRunId, CancellationToken cancellationToken) =>
        (await store.GetAsync(RunKeys.TaskRunOwner(taskRunId), cancellationToken))?.Properties.Get<Guid>(FlowRunProperty);

    public async ValueTask<TaskRun?> TaskRunAsync(Guid taskRunId, CancellationToken cancellationToken) =>
        await FlowRunOfTaskRunAsync(taskRunId, cancellationToken) is { } flowRunId
        && await TaskRunRowAsync(flowRunId, taskRunId, cancellationToken) is { } row
            ? RowDocs.Read<TaskRun>(row)
            : null;

    public ValueTask<IReadOnlyList<State>> FlowRunStatesAsync(Guid flowRunId, CancellationToken cancellationToken) =>
        StatesAsync(RowRange.Prefix(RunKeys.Runs, RunKeys.Partition(flowRunId), RunKeys.FlowRunStatePrefix), cancellationToken);

    public ValueTask<IReadOnlyList<State>> TaskRunStatesAsync(Guid flowRunId, Guid taskRunId, CancellationToken cancellationToken) =>
        StatesAsync(RunKeys.TaskRunStates(flowRunId, taskRunId), cancellationToken);

    public async ValueTask<string?> TextAsync(RowAddress address, CancellationToken cancellationToken) =>
        await store.GetAsync(address, cancellationToken) is { } row ? RowTexts.Read(row) : null;

    public const string FlowRunProperty = "run";

    private async ValueTask<IReadOnlyList<State>> StatesAsync(RowRange range, CancellationToken cancellationToken)
    {
        List<State> states = [];
        await foreach (Row row in store.ScanAsync(range, cancellationToken: cancellationToken))
        {
            states.Add(RowDocs.Read<State>(row));
        }

        return states;
    }
}
