using Serverless.Core.Models;
using Serverless.Storage;

namespace Serverless.Server.Artifacts;

/// <summary>The commits that write and delete an artifact with its lists.</summary>
internal static class ArtifactRows
{
    public static RowCommit Insert(Artifact artifact)
    {
        RowCommit commit = new();
        commit.Add(RowOperation.Insert(ArtifactKeys.Artifact(artifact.Id), RowDocs.Of(artifact)));
        foreach (var address in Lists(artifact))
        {
            commit.AddDerived(RowOperation.Upsert(address, []));
        }

        return commit;
    }

    public static RowCommit Delete(Artifact artifact)
    {
        RowCommit commit = new();
        commit.Add(RowOperation.Delete(ArtifactKeys.Artifact(artifact.Id)));
        foreach (var address in Lists(artifact))
        {
            commit.AddDerived(RowOperation.Delete(address));
        }

        return commit;
    }

    private static IEnumerable<RowAddress> Lists(Artifact artifact)
    {
        var row = ArtifactKeys.ListRow(artifact.Created ?? DateTimeOffset.MinValue, artifact.Id);
        yield return new RowAddress(ArtifactKeys.Lists, ArtifactKeys.AllArtifacts, row);
        if (artifact.FlowRunId is { } flowRunId)
        {
            yield return new RowAddress(ArtifactKeys.Lists, ArtifactKeys.ListByFlowRun(flowRunId), row);
        }

        if (artifact.TaskRunId is { } taskRunId)
        {
            yield return new RowAddress(ArtifactKeys.Lists, ArtifactKeys.ListByTaskRun(taskRunId), row);
        }

        if (artifact.Key is { } key)
        {
            yield return new RowAddress(ArtifactKeys.Lists, ArtifactKeys.ListByKey(key), row);
        }
    }
}
