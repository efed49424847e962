using System.Runtime.CompilerServices;
using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Server.Retention;

/// <summary>
/// Flow runs, with their task runs, logs and artifacts. A subflow goes with the run that called it or after that: a run that is still there
/// shows all of its subflows.
/// </summary>
internal sealed class RetainedFlowRuns(IFlowRunLists lists, RunReader reader, FlowRunDeletion deletion, RetentionOptions options)
    : IRetainedKind
{
    public string Name => "flow_runs";

    public string Things => "flow runs";

    public int? KeepDays => options.RunRetentionDays == 0 ? null : options.RunRetentionDays;

    public int MostExamined => 5_000;

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
                run is null || await IsPartOfMoreAsync(run, before, cancellationToken)
                    ? null
                    : token => deletion.DeleteAsync(run.Run.Id, FlowRunBasis.StateOf(run.Run), token)
            );
        }
    }

    private async Task<bool> IsPartOfMoreAsync(StoredFlowRun run, DateTimeOffset before, CancellationToken cancellationToken) =>
        run.ParentFlowRunId is { } parentId
        && await reader.ListedFlowRunAsync(parentId, cancellationToken) is { Run.State: { } state }
        && !(state.Type.IsFinal() && state.Timestamp < before);
}
