using Serverless.Flows.Hosting;
using Serverless.Functions.RunServices;

namespace Serverless.Functions.Engine;

/// <summary>What a flow's body asks of the server: each question is an activity, whose answer a replay reads from the history.</summary>
internal sealed partial class OrchestratedFlowEngine
{
    public Task<Guid> CreateArtifactAsync(ArtifactRequest artifact, CancellationToken cancellationToken) =>
        AskAsync<Guid>(nameof(CreateArtifact), () => new CreateArtifactInput(NewGuid(), Run.FlowRunId, artifact));

    public Task UpdateArtifactAsync(ArtifactChange change, CancellationToken cancellationToken) =>
        AskAsync<bool>(nameof(UpdateArtifact), () => change);

    public Task<string?> GetVariableAsync(string name, CancellationToken cancellationToken) =>
        AskAsync<string?>(nameof(ReadVariable), () => name, name);

    public Task<bool> SetVariableAsync(VariableRequest variable, CancellationToken cancellationToken) =>
        AskAsync<bool>(nameof(SetVariable), () => new SetVariableInput(NewGuid(), variable), variable.Name);

    /// <summary>Which variable it is, the history knows before it is deleted: a deletion that is repeated has the same answer.</summary>
    public async Task<bool> DeleteVariableAsync(string name, CancellationToken cancellationToken)
    {
        if (await AskAsync<Guid?>(nameof(FindVariable), () => name, name) is not { } id)
        {
            return false;
        }

        await AskAsync<bool>(nameof(DeleteVariable), () => id, name);
        return true;
    }

    private Task<T> AskAsync<T>(string activity, Func<object> input, string? about = null) =>
        _watch.UnlessStopped(() => _activities.CallAsync<T>(activity, input(), about is null ? null : _calls.OptionsFor(about)));
}
