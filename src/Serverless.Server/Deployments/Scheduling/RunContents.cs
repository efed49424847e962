using System.Text.Json;
using Serverless.Core.Json;
using Serverless.Core.Models;

namespace Serverless.Server.Deployments.Scheduling;

/// <summary>Whether runs that were created ahead would be the same after a change.</summary>
internal static class RunContents
{
    /// <summary>Whether a deployment gives the same to its runs.</summary>
    public static bool AreSame(Deployment before, Deployment after) =>
        before.FlowId == after.FlowId
        && before.Version == after.Version
        && before.WorkQueueName == after.WorkQueueName
        && before.WorkPoolName == after.WorkPoolName
        && before.InfrastructureDocumentId == after.InfrastructureDocumentId
        && before.Tags.SequenceEqual(after.Tags)
        && AreSame(before.Parameters, after.Parameters)
        && AreSame(before.JobVariables, after.JobVariables)
        && AreSame(before.Labels, after.Labels);

    /// <summary>Whether a schedule has the same times and gives the same to its runs.</summary>
    public static bool AreSame(DeploymentSchedule before, DeploymentSchedule after) =>
        before.MaxScheduledRuns == after.MaxScheduledRuns
        && before.Slug == after.Slug
        && JsonElement.DeepEquals(before.Schedule, after.Schedule)
        && AreSame(before.Parameters, after.Parameters);

    private static bool AreSame(IReadOnlyDictionary<string, JsonElement> before, IReadOnlyDictionary<string, JsonElement> after) =>
        before.Count == after.Count && (before.Count == 0 || JsonElement.DeepEquals(Element(before), Element(after)));

    private static JsonElement Element(IReadOnlyDictionary<string, JsonElement> members) =>
        JsonSerializer.SerializeToElement(members, WireJson.TypeInfo<IReadOnlyDictionary<string, JsonElement>>());
}
