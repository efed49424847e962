using Microsoft.Azure.Functions.Worker;
using Serverless.Flows.Hosting;
using Serverless.Server.Artifacts;

namespace Serverless.Functions.RunServices;

/// <summary>Changes the data of an artifact.</summary>
/// <param name="artifacts">The stored artifacts.</param>
public sealed class UpdateArtifact(ArtifactService artifacts)
{
    /// <summary>The activity; false when there is no such artifact any more.</summary>
    [Function(nameof(UpdateArtifact))]
    public Task<bool> RunAsync([ActivityTrigger] ArtifactChange input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        return artifacts.UpdateAsync(input.ArtifactId, input.ToUpdate(), cancellationToken);
    }
}
