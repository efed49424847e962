using Serverless.Core.Models;
using Serverless.Storage;

namespace Serverless.Server.Artifacts;

/// <summary>
/// The commits that write, change and delete an artifact, with the columns or, in a store that keeps none, the list rows by which it is
/// found.
/// </summary>
internal sealed class ArtifactRows(IRowStore store)
{
    private readonly bool _hasColumns = store.Columns is not null;

    public RowCommit Insert(Artifact artifact, DateTimeOffset since)
    {
        StoredArtifact stored = new(artifact, since, "");
        var commit = new RowCommit()
            .Add(RowOperation.Insert(ArtifactKeys.Facts(artifact.Id), stored.Facts()))
            .Add(RowOperation.Insert(ArtifactKeys.Artifact(artifact.Id), stored.Whole()))
            .AddColumns(ArtifactColumns.Change(null, stored));
        return AddLists(commit, artifact, static address => RowOperation.Upsert(address, []));
    }

    /// <summary>Writes a changed artifact.</summary>
    public static RowCommit Replace(StoredArtifact before, Artifact artifact)
    {
        var after = before with { Artifact = artifact };
        return new RowCommit()
            .Add(RowOperation.Replace(ArtifactKeys.Facts(artifact.Id), after.Facts(), before.ETag))
            .Add(RowOperation.Upsert(ArtifactKeys.Artifact(artifact.Id), after.Whole()))
            .AddColumns(ArtifactColumns.Change(before, after));
    }

    public RowCommit Delete(StoredArtifact stored)
    {
        var commit = new RowCommit()
            .Add(RowOperation.Delete(ArtifactKeys.Facts(stored.Id), stored.ETag))
            .Add(RowOperation.Delete(ArtifactKeys.Artifact(stored.Id)))
            .AddColumns(ArtifactColumns.Change(stored, null));
        return AddLists(commit, stored.Artifact, static address => RowOperation.Delete(address));
    }

    private RowCommit AddLists(RowCommit commit, Artifact artifact, Func<RowAddress, RowOperation> operation)
    {
        if (!_hasColumns)
        {
            foreach (var address in RowArtifactLists.RowsOf(artifact))
            {
                commit.AddDerived(operation(address));
            }
        }

        return commit;
    }
}
