using Serverless.Core.Models;
using Serverless.Flows;
using Serverless.Flows.Hosting;
using Serverless.Server.Flows;
using Serverless.Server.Runs;

namespace Serverless.Functions.FlowRuns;

/// <summary>
/// What the callers of a subflow say about values, where the subflow itself says nothing: the nearest wins, as in Prefect. A run of a
/// deployment takes over nothing, also if a flow started it.
/// </summary>
/// <param name="runs">The stored runs.</param>
/// <param name="flows">The flows of the app as they are stored.</param>
/// <param name="definitions">Their code.</param>
public sealed class CallersResults(FlowRunService runs, RegisteredFlows flows, FlowRegistry definitions)
{
    internal async Task<FlowResults?> ReadAsync(FlowRunSnapshot subflow, CancellationToken cancellationToken)
    {
        FlowResults? said = null;
        var run = subflow;
        while (
            said is not { IsComplete: true }
            && run is { Run.DeploymentId: null, ParentFlowRunId: { } parent }
            && await runs.ReadAsync(parent, cancellationToken) is { } caller
        )
        {
            if (Of(caller.Run) is { } settings && settings != new FlowResults())
            {
                said = said?.Under(settings) ?? settings;
            }

            run = caller;
        }

        return said;
    }

    private FlowResults? Of(FlowRun run) =>
        flows.TryGet(run.FlowId, out var flow) && definitions.TryGetFlow(flow.Name, out var definition) ? definition.ResultSettings : null;
}
