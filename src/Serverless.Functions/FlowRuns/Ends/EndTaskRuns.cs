using Microsoft.Azure.Functions.Worker;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Functions.TaskRuns;
using Serverless.Server.Runs;
using Serverless.Server.Runs.Writing;

namespace Serverless.Functions.FlowRuns;

/// <summary>
/// Cancels the task runs that a stopped run has left open: those that wait for a retry or a resume, and those that do not
/// heed their token. Each step looks at a bounded number of task runs. A step that is repeated, also by two callers at once, finds them
/// ended.
/// </summary>
/// <param name="runs">The stored runs.</param>
/// <param name="open">The task runs that have not ended.</param>
/// <param name="gate">The only writer of states.</param>
/// <param name="retry">Looks again when somebody else was faster.</param>
/// <param name="running">The task code that runs here.</param>
public sealed class EndTaskRuns(FlowRunService runs, OpenTaskRuns open, RunGate gate, CommitRetry retry, RunningTaskRuns running)
{
    /// <summary>How many task runs a step looks at.</summary>
    internal const int StepSize = 500;

    /// <summary>The activity: one step. The orchestration calls it until there is no next one.</summary>
    [Function(nameof(EndTaskRuns))]
    public async Task<EndTaskRunsResult> RunAsync([ActivityTrigger] EndTaskRunsInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var start = input.Start;
        running.Cancel(start.FlowRunId, start.Generation);

        // Those of a run that was started again are the next orchestration's.
        var basis = FlowRunBasis.Orchestration(start.Generation);
        return await HoldsAsync(start.FlowRunId, basis, cancellationToken)
            ? await StepAsync(start.FlowRunId, input.After, basis, ProposedStates.Cancelled("The flow run was stopped."), cancellationToken)
            : new EndTaskRunsResult(Ended: 0);
    }

    /// <summary>
    /// Ends the open task runs of a flow run for as long as the flow run is as it was when that was decided. Whoever is interrupted begins
    /// again, and passes over those that have ended.
    /// </summary>
    internal async Task EndAsync(Guid flowRunId, FlowRunBasis basis, ProposedState state, CancellationToken cancellationToken)
    {
        Guid? after = null;
        do
        {
            after = (await StepAsync(flowRunId, after, basis, state, cancellationToken)).Next;
        } while (after is not null && await HoldsAsync(flowRunId, basis, cancellationToken));
    }

    private async Task<EndTaskRunsResult> StepAsync(
        Guid flowRunId,
        Guid? after,
        FlowRunBasis basis,
        ProposedState state,
        CancellationToken cancellationToken
    )
    {
        var page = await open.ReadAsync(flowRunId, after, StepSize, cancellationToken);
        var ended = 0;
        foreach (var run in page.TaskRuns)
        {
            ended += await TryEndAsync(run, flowRunId, basis, state, cancellationToken) ? 1 : 0;
        }

        return new EndTaskRunsResult(ended, page.Next);
    }

    /// <summary>Ends a task run, also when it has changed since it was read, unless it or its flow run has gone on.</summary>
    private async Task<bool> TryEndAsync(
        TaskRun run,
        Guid flowRunId,
        FlowRunBasis basis,
        ProposedState state,
        CancellationToken cancellationToken
    )
    {
        var known = run;
        return await retry.RunAsync<bool>(
            async token =>
            {
                var answer = await gate.ProposeTaskRunStateAsync(
                    flowRunId,
                    run.Id,
                    state,
                    TaskRunBasis.StateOf(known, basis),
                    cancellationToken: token
                );
                if (answer is not GateAnswer.Moved)
                {
                    return answer.IsAccepted;
                }

                if (await open.FindAsync(flowRunId, run.Id, token) is not { } changed || !await HoldsAsync(flowRunId, basis, token))
                {
                    return false;
                }

                known = changed;
                return default;
            },
            cancellationToken
        );
    }

    private async Task<bool> HoldsAsync(Guid flowRunId, FlowRunBasis basis, CancellationToken cancellationToken) =>
        await runs.ReadAsync(flowRunId, cancellationToken) is { } run && run.Is(basis);
}
