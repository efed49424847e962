using System.Runtime.CompilerServices;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Functions.TaskRuns;
using Serverless.Server.Runs;
using Serverless.Server.Runs.Writing;

namespace Serverless.Functions.FlowRuns;

/// <summary>Cancels what runs below a run that is gone: its subflows, and theirs. Their orchestrations hear of that, and end.</summary>
/// <param name="runs">The stored runs.</param>
/// <param name="gate">The only writer of states.</param>
/// <param name="retry">Looks again when somebody else was faster.</param>
/// <param name="running">Tasks that run in this process, to be cancelled at once.</param>
public sealed class EndSubflows(FlowRunService runs, RunGate gate, CommitRetry retry, RunningTaskRuns running)
{
    private const int PageSize = 200;

    /// <summary>Cancels the open runs below a run; gives all of them as they have ended: task runs of them may be open.</summary>
    /// <param name="parent">The run.</param>
    /// <param name="basis">What makes it gone; null for one that is deleted, which nobody takes back.</param>
    /// <param name="reason">What the cancelled runs say.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async Task<IReadOnlyList<FlowRun>> CancelAsync(
        Guid parent,
        FlowRunBasis? basis,
        string reason,
        CancellationToken cancellationToken
    )
    {
        List<FlowRun> below = [];
        Queue<Guid> parents = new([parent]);
        while (parents.TryDequeue(out var next))
        {
            await foreach (var run in SubflowsOfAsync(next, cancellationToken))
            {
                // Looked at after the subflow was read: a parent that was started again since has others.
                if (basis is not null && !(await runs.ReadAsync(parent, cancellationToken) is { } gone && gone.Is(basis)))
                {
                    return below;
                }

                if (await CancelAsync(run, reason, cancellationToken) is { } ended)
                {
                    below.Add(ended);
                }

                parents.Enqueue(run.Id);
            }
        }

        return below;
    }

    /// <summary>Cancels a run unless it has ended, also after it was read; null when it is deleted.</summary>
    private async Task<FlowRun?> CancelAsync(FlowRun run, string reason, CancellationToken cancellationToken)
    {
        var known = run;
        return await retry.RunAsync<FlowRun?>(
            async token =>
            {
                if (known is null || known.StateType?.IsFinal() is true)
                {
                    return known;
                }

                var answer = await gate.ProposeFlowRunStateAsync(
                    run.Id,
                    ProposedStates.Cancelled(reason),
                    TransitionOrigin.Client,
                    FlowRunBasis.StateOf(known),
                    cancellationToken: token
                );
                known = await runs.GetAsync(run.Id, token);
                if (answer is GateAnswer.Moved)
                {
                    return default;
                }

                running.Cancel(run.Id, int.MaxValue);
                return known;
            },
            cancellationToken
        );
    }

    private async IAsyncEnumerable<FlowRun> SubflowsOfAsync(Guid parent, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        FlowRunQuery query = new()
        {
            FlowRuns = new FlowRunFilter { ParentFlowRunId = new IdFilter { Any = [parent] } },
            Limit = PageSize,
        };
        while (true)
        {
            var page = await runs.FilterAsync(query, cancellationToken);
            foreach (var run in page)
            {
                yield return run;
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            query = query with { Offset = query.Offset + PageSize };
        }
    }
}
