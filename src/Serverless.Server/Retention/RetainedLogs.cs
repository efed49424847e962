using System.Runtime.CompilerServices;
using Serverless.Server.Logs;
using Serverless.Server.Runs;

namespace Serverless.Server.Retention;

/// <summary>The logs of runs that are kept longer than their logs.</summary>
internal sealed class RetainedLogs(IFlowRunLists lists, RunLogs logs, RetentionOptions options) : IRetainedKind
{
    public string Name => "logs";

    public string Things => "runs' logs";

    public int? KeepDays =>
        options.LogRetentionDays > 0 && (options.RunRetentionDays == 0 || options.LogRetentionDays < options.RunRetentionDays)
            ? options.LogRetentionDays
            : null;

    /// <summary>Each is one query, also for the many runs whose logs have gone already.</summary>
    public int MostExamined => 500;

    public async IAsyncEnumerable<RetainedThing> FindAsync(
        DateTimeOffset before,
        string? from,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach ((var place, var run) in lists.EndedAsync(before, from, cancellationToken))
        {
            yield return new(
                place,
                run is not null && await logs.AnyAsync(run.Run.Id, cancellationToken)
                    ? async token =>
                    {
                        await logs.DeleteAsync(run.Run.Id, token);
                        return true;
                    }
                    : null
            );
        }
    }
}
