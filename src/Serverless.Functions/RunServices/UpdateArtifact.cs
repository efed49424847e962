using Microsoft.Azure.Functions.Worker;
using Serverless.Flows.Hosting;
using Serverless.Functions.Engine;
using Serverless.Server.Artifacts;

namespace Serverless.Functions.RunServices;

/// <summary>Changes the data of an artifact.</summary>
/// <param name="artifacts">The stored artifacts.</param>
public sealed class UpdateArtifact(ArtifactService artifacts)
{
    /// <summary>The activity; false when there is no such artifact any more.</summary>
    [Function(nameof(UpdateArtifact))]
    public async Task<Answered<bool>> RunAsync([ActivityTrigger] Asked<ArtifactChange> asked, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asked);
        return asked.Answer(await artifacts.UpdateAsync(asked.Input.ArtifactId, asked.Input.ToUpdate(), cancellationToken));
    }
}
