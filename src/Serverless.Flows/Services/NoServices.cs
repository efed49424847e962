using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>The services of a task context that a unit test made without any.</summary>
internal sealed class NoServices : ITaskServices
{
    internal static readonly NoServices Instance = new();

    public TimeProvider Time => TimeProvider.System;

    public IBackgroundTasks BackgroundTasks => throw Missing();

    public Task<Guid> CreateArtifactAsync(ArtifactRequest artifact, CancellationToken cancellationToken) => throw Missing();

    public Task UpdateArtifactAsync(ArtifactChange change, CancellationToken cancellationToken) => throw Missing();

    public Task<string?> GetVariableAsync(string name, CancellationToken cancellationToken) => throw Missing();

    public Task<bool> SetVariableAsync(VariableRequest variable, CancellationToken cancellationToken) => throw Missing();

    public Task<bool> DeleteVariableAsync(string name, CancellationToken cancellationToken) => throw Missing();

    public Task<FlowRunInfo?> GetFlowRunAsync(CancellationToken cancellationToken) => throw Missing();

    public Task<SlotGrant> TakeSlotsAsync(SlotRequest request, CancellationToken cancellationToken) => throw Missing();

    public Task<bool> RenewSlotsAsync(Guid leaseId, TimeSpan duration, CancellationToken cancellationToken) => throw Missing();

    public Task ReleaseSlotsAsync(Guid leaseId) => throw Missing();

    private static InvalidOperationException Missing() =>
        new(
            "This TaskContext has no server to ask. A unit test gives it one: new TaskContext { Services = … }; or test the flow with "
                + "Serverless.Flows.Testing."
        );
}
