using System.Text.Json;
using Serverless.Core.Models;
using Serverless.Flows;
using Serverless.Server.Flows;

namespace Serverless.Functions.FlowRuns;

/// <summary>Stored flow runs as authors see them.</summary>
internal static class FlowRunInfos
{
    public static FlowRunInfo Of(FlowRun run, RegisteredFlows flows) =>
        new(
            run.Id,
            run.Name,
            flows.TryGet(run.FlowId, out var flow) ? flow.Name : "",
            run.RunCount,
            run.ExpectedStartTime ?? run.Created ?? default,
            JsonSerializer.Serialize(run.Parameters, FlowJson.Options),
            run.Tags
        );
}
