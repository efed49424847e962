using Serverless.Flows.Hosting;
using Serverless.Functions.RunServices;

namespace Serverless.Functions.Engine;

/// <summary>What a flow's body asks of the server: each question is an activity, whose answer a replay reads from the history.</summary>
internal sealed partial class OrchestratedFlowEngine
{
    public Task<Guid> CreateArtifactAsync(ArtifactRequest artifact, CancellationToken cancellationToken) =>
        AskAsync<CreateArtifactInput, Guid>(
            nameof(CreateArtifact),
            () => new CreateArtifactInput(NewGuid(), Run.FlowRunId, artifact),
            artifact.Key is { } key ? $"{artifact.Type} '{key}'" : artifact.Type
        );

    public Task UpdateArtifactAsync(ArtifactChange change, CancellationToken cancellationToken) =>
        AskAsync<ArtifactChange, bool>(nameof(UpdateArtifact), () => change, $"{change.ArtifactId}");

    public Task<string?> GetVariableAsync(string name, CancellationToken cancellationToken) =>
        AskAsync<string, string?>(nameof(ReadVariable), () => name, name);

    public Task<bool> SetVariableAsync(VariableRequest variable, CancellationToken cancellationToken) =>
        AskAsync<SetVariableInput, bool>(nameof(SetVariable), () => new SetVariableInput(NewGuid(), variable), variable.Name);

    /// <summary>Which variable it is, the history knows before it is deleted: a deletion that is repeated has the same answer.</summary>
    public async Task<bool> DeleteVariableAsync(string name, CancellationToken cancellationToken)
    {
        if (await AskAsync<string, Guid?>(nameof(FindVariable), () => name, name) is not { } id)
        {
            return false;
        }

        await AskAsync<Guid, bool>(nameof(DeleteVariable), () => id, name);
        return true;
    }

    private Task<TAnswer> AskAsync<TInput, TAnswer>(string activity, Func<TInput> input, string about) =>
        _watch.UnlessStopped(() => _calls.AskAsync<TInput, TAnswer>(activity, input(), about));
}
