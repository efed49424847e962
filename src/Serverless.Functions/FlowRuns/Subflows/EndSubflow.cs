using Microsoft.Azure.Functions.Worker;
using Serverless.Core.States;
using Serverless.Flows.Hosting;
using Serverless.Server.Runs;

namespace Serverless.Functions.FlowRuns;

/// <summary>Gives the task run that mirrors a subflow the state in which the subflow ended.</summary>
/// <param name="runs">The stored runs.</param>
/// <param name="gate">The only writer of states.</param>
public sealed class EndSubflow(FlowRunService runs, RunGate gate)
{
    /// <summary>The activity; it answers with the subflow's outcome.</summary>
    [Function(nameof(EndSubflow))]
    public async Task<CallOutcome> RunAsync([ActivityTrigger] SubflowRun input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var outcome = input.Outcome ?? await FindOutcomeAsync(input, cancellationToken);
        ProposedState ended = new()
        {
            Type = outcome.Type,
            Name = outcome.StateName,
            Message = outcome.Message,
            Data = outcome is { Stored: { } stored, IsUnkept: false } ? stored.ToData() : null,
            StateDetails = new StateDetails
            {
                ChildFlowRunId = outcome.RunId,
                ErrorType = outcome.ErrorType,
                InnerErrorTypes = outcome.InnerErrorTypes,
            },
        };
        await gate.ProposeTaskRunStateAsync(
            input.ParentFlowRunId,
            input.TaskRunId,
            ended,
            TaskRunBasis.State(input.TaskRunStateId),
            outcome.IsUnkept ? RunResult.NotKept : outcome.ResultJson,
            cancellationToken: cancellationToken
        );
        return outcome;
    }

    /// <summary>What the stored run says when its orchestration did not tell.</summary>
    private async Task<CallOutcome> FindOutcomeAsync(SubflowRun input, CancellationToken cancellationToken)
    {
        var start = input.Start ?? throw new ArgumentException("The subflow has neither started nor ended.", nameof(input));
        var run = await runs.GetAsync(start.FlowRunId, cancellationToken);
        if (run?.State is not { } state)
        {
            return Outcomes.Deleted(start.FlowRunId);
        }

        var result = await runs.GetResultAsync(run.Id, cancellationToken);
        return state.Type.IsFinal()
            ? Outcomes.Of(run.Id, state, result)
            : new CallOutcome(run.Id, StateType.Crashed, StateNames.Crashed, "The orchestration of the subflow has ended before it.", null);
    }
}
