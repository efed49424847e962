using Microsoft.Azure.Functions.Worker;
using Serverless.Core.States;
using Serverless.Flows.Hosting;
using Serverless.Server.Runs;

namespace Serverless.Functions.FlowRuns;

/// <summary>Gives the task run that mirrors a subflow the state in which the subflow ended.</summary>
/// <param name="gate">The only writer of states.</param>
public sealed class EndSubflow(RunGate gate)
{
    /// <summary>The activity; it answers with the subflow's outcome.</summary>
    [Function(nameof(EndSubflow))]
    public async Task<CallOutcome> RunAsync([ActivityTrigger] SubflowRun input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        CallOutcome outcome = input.Outcome ?? throw new ArgumentException("The subflow has not ended.", nameof(input));
        ProposedState ended = new()
        {
            Type = outcome.Type,
            Name = outcome.StateName,
            Message = outcome.Message,
            StateDetails = new StateDetails { ChildFlowRunId = outcome.RunId },
        };
        await gate.ProposeTaskRunStateAsync(input.ParentFlowRunId, input.TaskRunId, ended, outcome.ResultJson, cancellationToken: cancellationToken);
        return outcome;
    }
}
