using System.Text.Json;
using Serverless.Core.Models;
using Serverless.Flows;
using Serverless.Server.Flows;
using Serverless.Server.Runs;

namespace Serverless.Functions.FlowRuns;

/// <summary>Stored flow runs as authors see them.</summary>
/// <param name="flows">The flows of the app as they are stored.</param>
/// <param name="page">Where the pages of runs are.</param>
public sealed class FlowRunInfos(RegisteredFlows flows, RunPageOptions page)
{
    internal FlowRunInfo Of(FlowRun run) =>
        new(
            run.Id,
            run.Name,
            flows.TryGet(run.FlowId, out var flow) ? flow.Name : "",
            run.RunCount,
            run.ExpectedStartTime ?? run.Created ?? DateTimeOffset.MinValue,
            JsonSerializer.Serialize(run.Parameters, FlowJson.Options),
            run.Tags
        )
        {
            Url = page.OfFlowRun(run.Id),
        };
}
