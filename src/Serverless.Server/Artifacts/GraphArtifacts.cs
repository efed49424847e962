using Serverless.Core.Models;
using Serverless.Server.Queries;
using Serverless.Storage;

namespace Serverless.Server.Artifacts;

/// <summary>The artifacts of a flow run, as its graph shows them.</summary>
internal sealed class GraphArtifacts(IRowStore store, ArtifactReader reader)
{
    /// <summary>The most artifacts of a graph: the oldest ones (Prefect's default setting).</summary>
    public const int Most = 10_000;

    /// <summary>About what one takes in memory and in the answer, without its data.</summary>
    private const int Bytes = 600;

    /// <summary>
    /// The artifacts of a flow run and its task runs, oldest first, without results, each with the task run that made it.
    /// </summary>
    public async Task<IReadOnlyList<(Guid? TaskRunId, GraphArtifact Artifact)>> ReadAsync(
        Guid flowRunId,
        CancellationToken cancellationToken
    )
    {
        // The list has the newest first.
        List<Guid> ids = [];
        await foreach (var row in store.ScanAsync(ArtifactKeys.ListOfFlowRun(flowRunId), pageSize: 1000, cancellationToken))
        {
            ids.Add(ArtifactKeys.ArtifactOf(row.RowKey));
        }

        List<(Guid?, GraphArtifact)> found = [];
        Dictionary<string, Guid?> latest = new(StringComparer.Ordinal);
        for (var index = ids.Count - 1; index >= 0 && found.Count < Most; index--)
        {
            if (await reader.ListedAsync(ids[index], cancellationToken) is { Artifact: { Type: not null and not "result" } artifact })
            {
                var data = artifact.Type == "progress" ? (await reader.ShownAsync(artifact.Id, cancellationToken))?.Data : null;
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

    private async ValueTask<Guid?> LatestAsync(string key, Dictionary<string, Guid?> known, CancellationToken cancellationToken)
    {
        if (!known.TryGetValue(key, out var id))
        {
            id = (await reader.LatestAsync(key, cancellationToken))?.Id;
            known.Add(key, id);
        }

        return id;
    }
}
