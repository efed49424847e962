using System.Runtime.CompilerServices;
using Serverless.Core.States;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Retention;

/// <summary>
/// Task runs outside any flow. Their list is in the order of their ids, which clients choose: so all of it is gone through, a part in each
/// step.
/// </summary>
internal sealed class RetainedTaskRuns(IRowStore store, RunReader reader, TaskRunDeletion deletion, RetentionOptions options)
    : IRetainedKind
{
    private const int PageSize = 200;

    public string Name => "task_runs";

    public string Things => "task runs";

    public int? KeepDays => options.RunRetentionDays == 0 ? null : options.RunRetentionDays;

    public int MostExamined => 500;

    public async IAsyncEnumerable<RetainedThing> FindAsync(
        DateTimeOffset before,
        string? from,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        const string Prefix = TaskRunKeys.Flowless + "|";
        var ranges = RunKeys.AllShards.Select(shard => new RowRange(
            RunKeys.Index,
            shard,
            shard,
            from ?? Prefix,
            RowRange.EndOfPrefix(Prefix)
        ));
        await foreach (var row in store.MergeAsync(ranges, PageSize, cancellationToken))
        {
            var run = (await reader.ListedTaskRunAsync(TaskRunKeys.FlowlessRowRun(row.RowKey), cancellationToken))?.TaskRun;
            yield return new(
                row.RowKey,
                run?.State is { } state && state.Type.IsFinal() && state.Timestamp < before
                    ? token => deletion.DeleteAsync(run.Id, state.Id, token)
                    : null
            );
        }
    }
}
