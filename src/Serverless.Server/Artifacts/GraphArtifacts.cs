using Serverless.Core.Models;
using Serverless.Server.Queries;
using Serverless.Storage;

namespace Serverless.Server.Artifacts;

/// <summary>The artifacts of a flow run, as its graph shows them.</summary>
internal sealed class GraphArtifacts(IRowStore store)
{
    /// <summary>The most artifacts of a graph: the oldest ones (Prefect's default setting).</summary>
    public const int Most = 10_000;

    /// <summary>About what one takes in memory and in the answer, without its data.</summary>
    private const int Bytes = 600;

    /// <summary>The artifacts of a flow run and its task runs, oldest first, without results, each with the task run that made it.</summary>
    public async Task<IReadOnlyList<(Guid? TaskRunId, GraphArtifact Artifact)>> ReadAsync(
        Guid flowRunId,
        CancellationToken cancellationToken
    )
    {
        // The list has the newest first.
        List<Guid> ids = [];
        var list = RowRange.Partition(ArtifactKeys.Lists, ArtifactKeys.ListByFlowRun(flowRunId));
        await foreach (var row in store.ScanAsync(list, pageSize: 1000, cancellationToken))
        {
            ids.Add(ArtifactKeys.ListRowArtifact(row.RowKey));
        }

        List<(Guid?, GraphArtifact)> found = [];
        Dictionary<string, Guid?> latest = new(StringComparer.Ordinal);
        for (var index = ids.Count - 1; index >= 0 && found.Count < Most; index--)
        {
            if (await FindAsync(ids[index], cancellationToken) is { Type: not null and not "result" } artifact)
            {
                var data = artifact.Type == "progress" ? artifact.Data : null;
                AnswerMemory.Take(Bytes, fit: 0);
                found.Add(
                    (
                        artifact.TaskRunId,
                        new GraphArtifact(
                            artifact.Id,
                            artifact.Created,
                            artifact.Key,
                            artifact.Type,
                            artifact.Key is not { } key || await LatestAsync(key, latest, cancellationToken) == artifact.Id,
                            data
                        )
                    )
                );
            }
        }

        return found;
    }

    private async ValueTask<Artifact?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            return await store.GetAsync(ArtifactKeys.Artifact(id), cancellationToken) is { } row ? RowDocs.Read<Artifact>(row) : null;
        }
        catch (RowDamagedException)
        {
            // A graph does not fail for one row. The store has reported it.
            return null;
        }
    }

    private async ValueTask<Guid?> LatestAsync(string key, Dictionary<string, Guid?> known, CancellationToken cancellationToken)
    {
        if (known.TryGetValue(key, out var id))
        {
            return id;
        }

        var list = RowRange.Partition(ArtifactKeys.Lists, ArtifactKeys.ListByKey(key));
        await foreach (var row in store.ScanAsync(list, pageSize: 1, cancellationToken))
        {
            // The row of an artifact that was deleted may be there still.
            if (await FindAsync(ArtifactKeys.ListRowArtifact(row.RowKey), cancellationToken) is { } artifact)
            {
                id = artifact.Id;
                break;
            }
        }

        known.Add(key, id);
        return id;
    }
}
