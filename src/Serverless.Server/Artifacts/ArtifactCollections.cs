using Serverless.Core.Ids;
using Serverless.Core.Models;

namespace Serverless.Server.Artifacts;

/// <summary>What is shown of all artifacts with one key.</summary>
internal static class ArtifactCollections
{
    private static readonly Guid Collections = new("2b7d9c1e-58f4-4d0a-9e63-7c41f0a8b95d");

    /// <summary>The id of a key's collection.</summary>
    public static Guid IdOf(string key) => StableIds.From(Collections, key);

    /// <summary>The collection that an artifact with a key is the latest of.</summary>
    public static ArtifactCollection Of(StoredArtifact latest) =>
        new()
        {
            Id = IdOf(latest.Artifact.Key!),
            Created = latest.Since,
            Updated = latest.Artifact.Updated,
            Key = latest.Artifact.Key!,
            LatestId = latest.Id,
            Type = latest.Artifact.Type,
            Data = latest.Artifact.Data,
            Description = latest.Artifact.Description,
            Metadata = latest.Artifact.Metadata,
            FlowRunId = latest.Artifact.FlowRunId,
            TaskRunId = latest.Artifact.TaskRunId,
        };
}
