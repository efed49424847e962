using System.Runtime.CompilerServices;

namespace Serverless.Server.Runs;

/// <summary>Finds the runs of this app that have not ended, without reading those that have.</summary>
public sealed class OpenFlowRuns
{
    private readonly IFlowRunLists _lists;

    internal OpenFlowRuns(IFlowRunLists lists) => _lists = lists;

    /// <summary>Reads them page by page; a run that changes its state meanwhile may come twice or not at all.</summary>
    /// <param name="startingBefore">Scheduled runs only as far as they are to start before it: those that schedules create ahead are many.
    /// Null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async IAsyncEnumerable<OpenFlowRun> ReadAsync(
        DateTimeOffset? startingBefore = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        await foreach (var stored in _lists.OpenAsync(startingBefore, cancellationToken))
        {
            if (stored.Registered)
            {
                yield return new OpenFlowRun(stored.Run, stored.Generation, stored.ParentFlowRunId);
            }
        }
    }
}
