using Microsoft.Azure.Functions.Worker;
using Serverless.Core.States;
using Serverless.Functions.TaskRuns;
using Serverless.Server.Runs;

namespace Serverless.Functions.FlowRuns;

/// <summary>
/// Cancels the task runs that a stopped run has left open: those that wait for a retry or a resume, and those that do not
/// heed their token.
/// </summary>
/// <param name="runs">The stored runs.</param>
/// <param name="open">The task runs that have not ended.</param>
/// <param name="gate">The only writer of states.</param>
/// <param name="running">The task code that runs here.</param>
public sealed class EndTaskRuns(FlowRunService runs, OpenTaskRuns open, RunGate gate, RunningTaskRuns running)
{
    /// <summary>The activity; it answers with the number of task runs that it ended.</summary>
    [Function(nameof(EndTaskRuns))]
    public async Task<int> RunAsync([ActivityTrigger] FlowRunStart start, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(start);
        running.Cancel(start.FlowRunId, start.Generation);

        // Those of a run that was started again are the next orchestration's.
        var basis = FlowRunBasis.Orchestration(start.Generation);
        return await runs.ReadAsync(start.FlowRunId, cancellationToken) is { } run && run.Is(basis)
            ? await EndAsync(start.FlowRunId, basis, ProposedStates.Cancelled("The flow run was stopped."), cancellationToken)
            : 0;
    }

    /// <summary>Ends the open task runs of a flow run for as long as the flow run is as it was when that was decided.</summary>
    internal async Task<int> EndAsync(Guid flowRunId, FlowRunBasis basis, ProposedState state, CancellationToken cancellationToken)
    {
        var ended = 0;
        bool moved;
        do
        {
            moved = false;
            await foreach (var run in open.ReadAsync(flowRunId, cancellationToken))
            {
                var answer = await gate.ProposeTaskRunStateAsync(
                    flowRunId,
                    run.Id,
                    state,
                    TaskRunBasis.StateOf(run, basis),
                    cancellationToken: cancellationToken
                );
                ended += answer.IsAccepted ? 1 : 0;
                moved |= answer is GateAnswer.Moved;
            }
        } while (moved && await runs.ReadAsync(flowRunId, cancellationToken) is { } flowRun && flowRun.Is(basis));

        return ended;
    }
}
