using System.Text.Json;
using Serverless.Core.Models;

namespace Serverless.Server.Runs;

/// <summary>The labels of a new run: its parent's, the ids it came from (Prefect's names for them), and the creator's.</summary>
internal static class RunLabels
{
    public static IReadOnlyDictionary<string, JsonElement> For(Flow flow, IReadOnlyDictionary<string, JsonElement>? given) =>
        Merge(flow.Labels, flow.Id, null, given);

    public static IReadOnlyDictionary<string, JsonElement> For(Deployment deployment, IReadOnlyDictionary<string, JsonElement>? given) =>
        Merge(deployment.Labels, deployment.FlowId, deployment.Id, given);

    /// <summary>Those of a task run.</summary>
    public static IReadOnlyDictionary<string, JsonElement> For(FlowRun? flowRun, IReadOnlyDictionary<string, JsonElement>? given) =>
        flowRun is null ? given ?? JsonObjects.Empty : With(new(flowRun.Labels) { ["prefect.flow-run.id"] = Text(flowRun.Id) }, given);

    private static Dictionary<string, JsonElement> Merge(
        IReadOnlyDictionary<string, JsonElement> parent,
        Guid flowId,
        Guid? deploymentId,
        IReadOnlyDictionary<string, JsonElement>? given
    )
    {
        Dictionary<string, JsonElement> labels = new(parent) { ["prefect.flow.id"] = Text(flowId) };
        if (deploymentId is { } id)
        {
            labels["prefect.deployment.id"] = Text(id);
        }

        return With(labels, given);
    }

    /// <summary>Labels with further ones, in place of those of the same names.</summary>
    public static Dictionary<string, JsonElement> With(
        Dictionary<string, JsonElement> labels,
        IReadOnlyDictionary<string, JsonElement>? given
    )
    {
        foreach ((var name, var value) in given ?? JsonObjects.Empty)
        {
            labels[name] = value;
        }

        return labels;
    }

    private static JsonElement Text(Guid id)
    {
        using var document = JsonDocument.Parse($"\"{id}\"");
        return document.RootElement.Clone();
    }
}
