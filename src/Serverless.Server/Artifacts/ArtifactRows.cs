using Serverless.Core.Models;
using Serverless.Storage;

namespace Serverless.Server.Artifacts;

/// <summary>The commits that write, change and delete an artifact with its lists.</summary>
internal static class ArtifactRows
{
    public static RowCommit Insert(Artifact artifact, DateTimeOffset since)
    {
        RowCommit commit = new();
        commit.Add(RowOperation.Insert(ArtifactKeys.Facts(artifact.Id), StoredArtifact.Properties(artifact, since)));
        commit.Add(RowOperation.Insert(ArtifactKeys.Artifact(artifact.Id), RowDocs.Of(artifact)));
        foreach (var address in Lists(artifact))
        {
            commit.AddDerived(RowOperation.Upsert(address, []));
        }

        return commit;
    }

    /// <summary>Writes a changed artifact. What it is listed by never changes.</summary>
    public static RowCommit Replace(StoredArtifact before, Artifact artifact) =>
        new RowCommit()
            .Add(RowOperation.Replace(ArtifactKeys.Facts(artifact.Id), StoredArtifact.Properties(artifact, before.Since), before.ETag))
            .Add(RowOperation.Upsert(ArtifactKeys.Artifact(artifact.Id), RowDocs.Of(artifact)));

    public static RowCommit Delete(StoredArtifact stored)
    {
        RowCommit commit = new();
        commit.Add(RowOperation.Delete(ArtifactKeys.Facts(stored.Id), stored.ETag));
        commit.Add(RowOperation.Delete(ArtifactKeys.Artifact(stored.Id)));
        foreach (var address in Lists(stored.Artifact))
        {
            commit.AddDerived(RowOperation.Delete(address));
        }

        return commit;
    }

    private static IEnumerable<RowAddress> Lists(Artifact artifact)
    {
        var created = artifact.Created!.Value;
        yield return ArtifactKeys.InAll(created, artifact.Id);
        if (artifact.FlowRunId is { } flowRunId)
        {
            yield return ArtifactKeys.InFlowRun(flowRunId, created, artifact.Id);
        }

        if (artifact.TaskRunId is { } taskRunId)
        {
            yield return ArtifactKeys.InTaskRun(taskRunId, created, artifact.Id);
        }

        if (artifact.Key is { } key)
        {
            yield return ArtifactKeys.InKey(key, created, artifact.Id);
        }
    }
}
