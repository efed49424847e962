using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Serverless.Core.Models;
using Serverless.Server.Artifacts;

namespace Serverless.Functions.FlowRuns;

/// <summary>Writes an artifact of a flow run.</summary>
/// <param name="artifacts">The stored artifacts.</param>
public sealed class CreateArtifact(ArtifactService artifacts)
{
    /// <summary>The activity; repeated, it writes the same artifact again.</summary>
    [Function(nameof(CreateArtifact))]
    public async Task<Guid> RunAsync([ActivityTrigger] CreateArtifactInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var data = JsonDocument.Parse(input.Artifact.DataJson);
        await artifacts.CreateAsync(
            new Artifact
            {
                Id = input.ArtifactId,
                Key = input.Artifact.Key,
                Type = input.Artifact.Type,
                Description = input.Artifact.Description,
                Data = data.RootElement.Clone(),
                FlowRunId = input.FlowRunId,
            },
            cancellationToken
        );
        return input.ArtifactId;
    }
}
