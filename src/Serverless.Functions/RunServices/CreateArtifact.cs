using Microsoft.Azure.Functions.Worker;
using Serverless.Server.Artifacts;

namespace Serverless.Functions.RunServices;

/// <summary>Writes an artifact of a flow run.</summary>
/// <param name="artifacts">The stored artifacts.</param>
public sealed class CreateArtifact(ArtifactService artifacts)
{
    /// <summary>The activity; repeated, it writes the same artifact again.</summary>
    [Function(nameof(CreateArtifact))]
    public async Task<Guid> RunAsync([ActivityTrigger] CreateArtifactInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        await artifacts.CreateAsync(input.Artifact.ToArtifact(input.ArtifactId, input.FlowRunId, taskRunId: null), cancellationToken);
        return input.ArtifactId;
    }
}
