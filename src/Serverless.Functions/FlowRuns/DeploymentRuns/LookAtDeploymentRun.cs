using Microsoft.Azure.Functions.Worker;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows.Hosting;
using Serverless.Server.Runs;

namespace Serverless.Functions.FlowRuns;

/// <summary>
/// Looks whether a run that a flow waits for has ended, and gives the task run that stands for it the state in which it did.
/// </summary>
/// <param name="runs">The stored runs.</param>
/// <param name="control">Cancels the run when its caller is stopped.</param>
/// <param name="end">Ends the task run.</param>
public sealed class LookAtDeploymentRun(FlowRunService runs, FlowRunControl control, EndSubflow end)
{
    /// <summary>The activity; null while the run goes on and its caller waits.</summary>
    [Function(nameof(LookAtDeploymentRun))]
    public async Task<CallOutcome?> RunAsync([ActivityTrigger] DeploymentRun input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.IsStopped && input.FlowRunId is { } stopped)
        {
            await control.CancelAsync(stopped, "The parent run was stopped.", cancellationToken);
        }

        if ((input.Outcome ?? await FindAsync(input, cancellationToken)) is not { } outcome)
        {
            return null;
        }

        if (input.TaskRunId is not { } taskRunId)
        {
            return outcome;
        }

        SubflowRun mirrored = new(input.ParentFlowRunId, taskRunId, null, outcome, input.TaskRunStateId);
        return await end.RunAsync(mirrored, cancellationToken);
    }

    private async Task<CallOutcome?> FindAsync(DeploymentRun input, CancellationToken cancellationToken)
    {
        var id = input.FlowRunId ?? throw new ArgumentException("The run was not created.", nameof(input));
        return await runs.GetAsync(id, cancellationToken) switch
        {
            null => Outcomes.Deleted(id),
            { State: { } state } run when state.Type.IsFinal() => Outcomes.Of(
                id,
                state,
                await runs.GetResultAsync(run.Id, cancellationToken)
            ),
            FlowRun run when input.Waited is { } waited => new CallOutcome(
                id,
                StateType.Failed,
                StateNames.TimedOut,
                $"The run '{run.Name}' had not ended after {waited}. It goes on.",
                null
            )
            {
                ErrorType = typeof(TimeoutException).FullName,
            },
            _ => null,
        };
    }
}
