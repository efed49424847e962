using Microsoft.Azure.Functions.Worker;
using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Functions.Transactions;

/// <summary>
/// Says of completed task runs that they were rolled back: without their results, a retry of the flow runs them again. Those that an
/// earlier attempt of the flow completed, and somebody has changed, are left alone.
/// </summary>
/// <param name="gate">The only writer of states.</param>
/// <param name="runs">The stored task runs.</param>
public sealed class RollBackTaskRuns(RunGate gate, TaskRunService runs)
{
    private const string Message = "Task rolled back as part of transaction";

    /// <summary>The activity; it answers with how many were changed. Repeated, it passes over what it has changed.</summary>
    [Function(nameof(RollBackTaskRuns))]
    public async Task<int> RunAsync([ActivityTrigger] RollBackTaskRunsInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var basis = FlowRunBasis.Attempt(input.Start.Generation, input.RunCount);
        var changed = 0;
        foreach (var id in input.TaskRunIds)
        {
            if (
                await runs.GetAsync(id, cancellationToken) is { StateType: StateType.Completed, StateName: not StateNames.RolledBack } run
                && run.FlowRunRunCount >= input.RunCount
            )
            {
                var answer = await gate.ProposeTaskRunStateAsync(
                    input.Start.FlowRunId,
                    id,
                    ProposedStates.RolledBack(Message),
                    TaskRunBasis.StateOf(run, basis),
                    force: true,
                    cancellationToken: cancellationToken
                );
                changed += answer.IsAccepted ? 1 : 0;
            }
        }

        return changed;
    }
}
