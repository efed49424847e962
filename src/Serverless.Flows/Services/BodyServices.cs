using Serverless.Flows.Calls;
using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>What a flow's body asks of the server: each answer is a wait of the body, and stays the same when it is run again.</summary>
internal sealed class BodyServices(BodySteps steps) : IRunServices
{
    public Task<Guid> CreateArtifactAsync(ArtifactRequest artifact, CancellationToken cancellationToken) =>
        steps.Wait(steps.Engine.CreateArtifactAsync(artifact, cancellationToken));

    public Task UpdateArtifactAsync(ArtifactChange change, CancellationToken cancellationToken) =>
        steps.Wait(steps.Engine.UpdateArtifactAsync(change, cancellationToken));

    public Task<string?> GetVariableAsync(string name, CancellationToken cancellationToken) =>
        steps.Wait(steps.Engine.GetVariableAsync(name, cancellationToken));

    public Task<bool> SetVariableAsync(VariableRequest variable, CancellationToken cancellationToken) =>
        steps.Wait(steps.Engine.SetVariableAsync(variable, cancellationToken));

    public Task<bool> DeleteVariableAsync(string name, CancellationToken cancellationToken) =>
        steps.Wait(steps.Engine.DeleteVariableAsync(name, cancellationToken));
}
