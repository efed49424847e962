using System.Runtime.CompilerServices;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>Finds the task runs of a flow run that have not ended.</summary>
public sealed class OpenTaskRuns
{
    private readonly IRowStore _store;
    private readonly RunReader _reader;

    internal OpenTaskRuns(IRowStore store, RunReader reader)
    {
        _store = store;
        _reader = reader;
    }

    /// <summary>Reads them page by page, in the order of their ids.</summary>
    public async IAsyncEnumerable<TaskRun> ReadAsync(Guid flowRunId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Guid? after = null;
        do
        {
            var page = await ReadAsync(flowRunId, after, limit: 1000, cancellationToken);
            foreach (var run in page.TaskRuns)
            {
                yield return run;
            }

            after = page.Next;
        } while (after is not null);
    }

    /// <summary>Looks at the next task runs of a flow run, in the order of their ids.</summary>
    /// <param name="flowRunId">The flow run.</param>
    /// <param name="after">The last task run that was looked at; null to begin.</param>
    /// <param name="limit">How many task runs to look at, those that have ended among them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<OpenTaskRunPage> ReadAsync(Guid flowRunId, Guid? after, int limit, CancellationToken cancellationToken = default)
    {
        var range = RowRange.Prefix(RunKeys.Runs, RunKeys.Partition(flowRunId), RunKeys.TaskRunPrefix);
        if (after is { } last)
        {
            // Behind the last one: all these keys have the same length.
            range = range with
            {
                FromRow = RunKeys.TaskRun(flowRunId, last).RowKey + "|",
            };
        }

        var page = await _store.QueryAsync(range, limit, cancellationToken: cancellationToken);
        while (page is { Rows.Count: 0, Continuation: not null })
        {
            page = await _store.QueryAsync(range, limit, page.Continuation, cancellationToken);
        }

        return new OpenTaskRunPage(
            [.. page.Rows.Select(TaskRunRows.Read).Where(IsOpen)],
            page.Continuation is null ? null : RunKeys.TaskRunOf(page.Rows[^1].RowKey)
        );
    }

    /// <summary>A task run of a flow run if it has not ended; null otherwise, and when there is none.</summary>
    public async Task<TaskRun?> FindAsync(Guid flowRunId, Guid taskRunId, CancellationToken cancellationToken = default) =>
        await _reader.TaskRunRowAsync(flowRunId, taskRunId, cancellationToken) is { } row && TaskRunRows.Read(row) is var run && IsOpen(run)
            ? run
            : null;

    private static bool IsOpen(TaskRun run) => run.StateType?.IsFinal() is not true;
}
