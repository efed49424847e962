using System.Runtime.CompilerServices;
using Serverless.Core.States;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>Finds the runs that are executed here and have not ended, without a look at those that have.</summary>
public sealed class OpenFlowRuns(IRowStore store)
{
    private readonly RunReader _reader = new(store);

    /// <summary>Reads them page by page; a run that changes its state meanwhile may come twice or not at all.</summary>
    public async IAsyncEnumerable<OpenFlowRun> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (StateType type in Enum.GetValues<StateType>().Where(type => !type.IsFinal()))
        {
            await foreach (Row row in store.ScanAsync(RowRange.Partition(RunKeys.FlowRunLists, RunKeys.ListByState(type)), cancellationToken: cancellationToken))
            {
                StoredFlowRun? stored = await _reader.FlowRunAsync(RunKeys.ListRowRun(row.RowKey), cancellationToken);
                if (stored is { Registered: true, Run.StateType: { } now } && now == type)
                {
                    yield return new OpenFlowRun(stored.Run, stored.Generation, stored.ParentFlowRunId);
                }
            }
        }
    }
}
