using System.Text.Json;
using Serverless.Core.Models;
using Serverless.Flows.Hosting;

namespace Serverless.Functions.RunServices;

/// <summary>What authors' requests are in the server's terms.</summary>
internal static class StoredForms
{
    public static Artifact ToArtifact(this ArtifactRequest request, Guid id, Guid? flowRunId, Guid? taskRunId) =>
        new()
        {
            Id = id,
            Key = request.Key,
            Type = request.Type,
            Description = request.Description,
            Data = Parse(request.DataJson),
            FlowRunId = flowRunId,
            TaskRunId = taskRunId,
        };

    public static ArtifactUpdate ToUpdate(this ArtifactChange change) => new() { Data = Parse(change.DataJson) };

    public static string ValueJson(this Variable variable) => variable.Value?.GetRawText() ?? "null";

    public static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
