using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Functions.FlowRuns;

/// <summary>
/// Cancels what is open below a cancelled run of a remote client: nobody there may be left to do it (Prefect's CancellationCleanup).
/// </summary>
/// <param name="runs">The stored runs.</param>
/// <param name="gate">The only writer of states.</param>
/// <param name="control">What people use to cancel a run.</param>
/// <param name="taskRuns">Ends task runs.</param>
public sealed class ChildrenOfCancelled(FlowRunService runs, RunGate gate, FlowRunControl control, EndTaskRuns taskRuns)
{
    /// <summary>The state message of what is cancelled, which is Prefect's.</summary>
    internal const string Reason = "The parent flow run was cancelled.";

    private const int PageSize = 200;

    /// <summary>
    /// Cancels the open subflows and task runs of a run, as long as it is Cancelled. May be interrupted and repeated: what has ended is
    /// passed over. What is below the subflows follows when they are Cancelled themselves.
    /// </summary>
    /// <param name="flowRunId">The cancelled run.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task EndAsync(Guid flowRunId, CancellationToken cancellationToken)
    {
        if (await runs.ReadAsync(flowRunId, cancellationToken) is not { Run: { StateType: StateType.Cancelled } run })
        {
            // Deleted, or started again.
            return;
        }

        var basis = FlowRunBasis.StateOf(run);
        FlowRunQuery query = new()
        {
            FlowRuns = new FlowRunFilter { ParentFlowRunId = new IdFilter { Any = [flowRunId] } },
            Limit = PageSize,
        };
        IReadOnlyList<FlowRun> page;
        do
        {
            page = await runs.FilterAsync(query, cancellationToken);
            foreach (var child in page.Where(child => child.StateType?.IsFinal() is not true))
            {
                // Looked at after the subflow was read: a run that was started again has others.
                if (await runs.ReadAsync(flowRunId, cancellationToken) is not { } parent || !parent.Is(basis))
                {
                    return;
                }

                await CancelAsync(child, cancellationToken);
            }

            query = query with { Offset = query.Offset + PageSize };
        } while (page.Count == PageSize);

        await taskRuns.EndAsync(flowRunId, basis, ProposedStates.Cancelled(Reason), cancellationToken);
    }

    /// <summary>
    /// A subflow that has somebody of its own to stop it, an orchestration or a worker, is asked to stop; any other one ran in the process
    /// of its parent.
    /// </summary>
    private async Task CancelAsync(FlowRun child, CancellationToken cancellationToken)
    {
        if (child.DeploymentId is not null || await runs.GetGenerationAsync(child.Id, cancellationToken) > 0)
        {
            await control.CancelAsync(child.Id, Reason, cancellationToken);
            return;
        }

        var known = child;
        while (
            known is { StateType: { } type }
            && !type.IsFinal()
            && await gate.ProposeFlowRunStateAsync(
                known.Id,
                ProposedStates.Cancelled(Reason),
                TransitionOrigin.Client,
                FlowRunBasis.StateOf(known),
                cancellationToken: cancellationToken
            ) is GateAnswer.Moved
        )
        {
            known = await runs.GetAsync(child.Id, cancellationToken);
        }
    }
}
