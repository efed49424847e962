using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Server.Deployments.Scheduling;

/// <summary>
/// Looks at runs that are to begin, and stops those that must not any more: a run of a changed, paused or removed schedule is deleted, and
/// one that is too late for its schedule's catch-up policy is cancelled.
/// </summary>
/// <param name="scheduler">Knows the schedules.</param>
/// <param name="runs">Deletes runs.</param>
/// <param name="gate">Cancels runs.</param>
public sealed class ScheduledRunCheck(DeploymentScheduler scheduler, FlowRunService runs, RunGate gate)
{
    /// <summary>The runs that begin.</summary>
    /// <param name="due">Runs that are to begin.</param>
    /// <param name="origin">Who lets them begin.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<FlowRun>> FilterAsync(
        IReadOnlyList<FlowRun> due,
        TransitionOrigin origin,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(due);
        var verdicts = await scheduler.JudgeAsync(due, cancellationToken);
        List<FlowRun> beginning = [];
        foreach (var (run, verdict) in due.Zip(verdicts))
        {
            switch (verdict)
            {
                case ScheduledRunVerdict.Outdated:
                    await runs.DeleteAsync(run.Id, cancellationToken);
                    break;
                case ScheduledRunVerdict.PassedOver { Reason: var reason }:
                    var cancelled = ProposedStates.Cancelled(reason);
                    var basis = FlowRunBasis.StateOf(run);
                    await gate.ProposeFlowRunStateAsync(run.Id, cancelled, origin, basis, cancellationToken: cancellationToken);
                    break;
                default:
                    beginning.Add(run);
                    break;
            }
        }

        return beginning;
    }
}
