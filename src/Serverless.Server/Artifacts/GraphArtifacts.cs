using Serverless.Core.Models;
using Serverless.Server.Queries;

namespace Serverless.Server.Artifacts;

/// <summary>The artifacts of a flow run, as its graph shows them.</summary>
internal sealed class GraphArtifacts(IArtifactLists lists, ArtifactReader reader)
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
        List<(Guid?, GraphArtifact)> found = [];
        Dictionary<string, Guid?> latest = new(StringComparer.Ordinal);
        await foreach (var stored in lists.OfFlowRunAsync(flowRunId, cancellationToken))
        {
            if (stored.Artifact is not { Type: not null and not "result" } artifact)
            {
                continue;
            }

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
            if (found.Count == Most)
            {
                break;
            }
        }

        return found;
    }

    private async ValueTask<Guid?> LatestAsync(string key, Dictionary<string, Guid?> known, CancellationToken cancellationToken)
    {
        if (!known.TryGetValue(key, out var id))
        {
            id = (await lists.LatestAsync(key, cancellationToken))?.Id;
            known.Add(key, id);
        }

        return id;
    }
}
