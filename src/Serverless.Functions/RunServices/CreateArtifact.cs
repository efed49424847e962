using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Engine;
using Serverless.Server.Artifacts;

namespace Serverless.Functions.RunServices;

/// <summary>Writes an artifact of a flow run.</summary>
/// <param name="artifacts">The stored artifacts.</param>
public sealed class CreateArtifact(ArtifactService artifacts)
{
    /// <summary>The activity; repeated, it writes the same artifact again.</summary>
    [Function(nameof(CreateArtifact))]
    public async Task<Answered<Guid>> RunAsync([ActivityTrigger] Asked<CreateArtifactInput> asked, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asked);
        var input = asked.Input;
        await artifacts.CreateAsync(input.Artifact.ToArtifact(input.ArtifactId, input.FlowRunId, taskRunId: null), cancellationToken);
        return asked.Answer(input.ArtifactId);
    }
}
