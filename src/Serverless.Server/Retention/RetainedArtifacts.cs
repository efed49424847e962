using System.Runtime.CompilerServices;
using Serverless.Server.Artifacts;
using Serverless.Server.Runs;

namespace Serverless.Server.Retention;

/// <summary>Artifacts whose own time is over, and those that belong to no run.</summary>
internal sealed class RetainedArtifacts(ArtifactService artifacts, IArtifactLists lists, RunReader reader, RetentionOptions options)
    : IRetainedKind
{
    public string Name => "artifacts";

    public string Things => "artifacts";

    public int? KeepDays =>
        options.ArtifactRetentionDays > 0 ? options.ArtifactRetentionDays
        : options.RunRetentionDays > 0 ? options.RunRetentionDays
        : null;

    public int MostExamined => 1_000;

    public async IAsyncEnumerable<RetainedThing> FindAsync(
        DateTimeOffset before,
        string? from,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var (place, stored) in lists.OldAsync(before, from, cancellationToken))
        {
            var goes =
                stored is not null
                && (
                    options.ArtifactRetentionDays > 0
                    || stored.Artifact.FlowRunId is not { } flowRunId
                    || await reader.ListedFlowRunAsync(flowRunId, cancellationToken) is null
                );
            yield return new(place, goes ? token => artifacts.DeleteAsync(stored!.Id, token) : null);
        }
    }
}
