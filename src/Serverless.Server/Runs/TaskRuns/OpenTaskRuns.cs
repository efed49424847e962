using System.Runtime.CompilerServices;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>Finds the task runs of a flow run that have not ended.</summary>
public sealed class OpenTaskRuns(IRowStore store)
{
    /// <summary>Reads them page by page, in the order of their ids.</summary>
    public async IAsyncEnumerable<TaskRun> ReadAsync(Guid flowRunId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var taskRuns = RowRange.Prefix(RunKeys.Runs, RunKeys.Partition(flowRunId), RunKeys.TaskRunPrefix);
        await foreach (var row in store.ScanAsync(taskRuns, cancellationToken: cancellationToken))
        {
            var run = RowDocs.Read<TaskRun>(row);
            if (run.StateType?.IsFinal() is not true)
            {
                yield return run;
            }
        }
    }
}
