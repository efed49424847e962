using System.Runtime.CompilerServices;
using Serverless.Core.States;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>Finds the runs of this app that have not ended, without reading those that have.</summary>
public sealed class OpenFlowRuns
{
    private readonly IRowStore _store;
    private readonly RunReader _reader;
    private readonly DeadRows _dead;

    internal OpenFlowRuns(IRowStore store, RunReader reader, DeadRows dead)
    {
        _store = store;
        _reader = reader;
        _dead = dead;
    }

    /// <summary>Reads them page by page; a run that changes its state meanwhile may come twice or not at all.</summary>
    /// <param name="startingBefore">Scheduled runs only as far as they are to start before it: those that schedules create ahead are many.
    /// Null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async IAsyncEnumerable<OpenFlowRun> ReadAsync(
        DateTimeOffset? startingBefore = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        foreach (var type in Enum.GetValues<StateType>().Where(type => !type.IsFinal()))
        {
            var list = RunKeys.ListByState(type);
            var ranges =
                type == StateType.Scheduled && startingBefore is { } time ? RunKeys.ListStartingBefore(list, time) : RunKeys.List(list);
            await foreach (var row in _store.MergeAsync(ranges, 256, cancellationToken))
            {
                StoredFlowRun? stored;
                try
                {
                    stored = await _reader.FlowRunAsync(RunKeys.ListRowRun(list, row.RowKey), cancellationToken);
                }
                catch (RowDamagedException)
                {
                    // The others continue. Nobody can tell whether the index row is right.
                    continue;
                }

                if (stored is null || !FlowRunLists.IsTrue(list, row, stored.Run))
                {
                    // The run has moved on, and no row of the index comes back: this one was left by a repeated write, or is about to go.
                    await _dead.DeleteAsync(RunKeys.Index, [row], cancellationToken);
                }
                else if (stored.Registered)
                {
                    yield return new OpenFlowRun(stored.Run, stored.Generation, stored.ParentFlowRunId);
                }
            }
        }
    }
}
