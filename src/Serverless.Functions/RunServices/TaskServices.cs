using Microsoft.Extensions.DependencyInjection;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Flows;
using Serverless.Flows.Hosting;
using Serverless.Functions.FlowRuns;
using Serverless.Server;
using Serverless.Server.Artifacts;
using Serverless.Server.Concurrency;
using Serverless.Server.Runs;
using Serverless.Server.Variables;

namespace Serverless.Functions.RunServices;

/// <summary>
/// What the code of one attempt of a task asks of the server. Most tasks ask nothing: each service is looked up when it is used.
/// </summary>
internal sealed class TaskServices(IServiceProvider services, Guid flowRunId, Guid taskRunId) : ITaskServices
{
    public TimeProvider Time => Get<TimeProvider>();

    public IBackgroundTasks BackgroundTasks => Get<IBackgroundTasks>();

    public async Task<Guid> CreateArtifactAsync(ArtifactRequest artifact, CancellationToken cancellationToken)
    {
        var id = Get<IIdGenerator>().NewId();
        await Get<ArtifactService>()
            .CreateAsync(artifact.ToArtifact(id, flowRunId == Guid.Empty ? null : flowRunId, taskRunId), cancellationToken);
        return id;
    }

    public Task UpdateArtifactAsync(ArtifactChange change, CancellationToken cancellationToken) =>
        Get<ArtifactService>().UpdateAsync(change.ArtifactId, change.ToUpdate(), cancellationToken);

    public async Task<string?> GetVariableAsync(string name, CancellationToken cancellationToken) =>
        (await Get<VariableService>().GetAsync(name, cancellationToken))?.ValueJson();

    public Task<bool> SetVariableAsync(VariableRequest variable, CancellationToken cancellationToken) =>
        Get<VariableService>()
            .SetAsync(
                Get<IIdGenerator>().NewId(),
                variable.Name,
                StoredForms.Parse(variable.ValueJson),
                variable.Tags,
                variable.Overwrite,
                cancellationToken
            );

    public Task<bool> DeleteVariableAsync(string name, CancellationToken cancellationToken) =>
        Get<VariableService>().DeleteAsync(name, cancellationToken);

    public async Task<FlowRunInfo?> GetFlowRunAsync(CancellationToken cancellationToken) =>
        await Get<FlowRunService>().GetAsync(flowRunId, cancellationToken) is { } run ? Get<FlowRunInfos>().Of(run) : null;

    public async Task<SlotGrant> TakeSlotsAsync(SlotRequest request, CancellationToken cancellationToken)
    {
        ConcurrencyLeaseHolder holder = new() { Type = LeaseHolderType.TaskRun, Id = taskRunId };
        try
        {
            var answer = await Get<ConcurrencyLimits>()
                .Clients.TakeAsync(
                    request.Limits,
                    request.Slots,
                    request.Lease,
                    holder,
                    isRateLimit: request.Lease is null,
                    cancellationToken
                );
            return new SlotGrant(
                [.. answer.Limits.Select(limit => limit.Name)],
                answer.LeaseId,
                answer.RetryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null
            );
        }
        catch (RequestRefusedException refused)
        {
            throw new ConcurrencyException($"{refused.Message} ({string.Join(", ", request.Limits)}).", refused);
        }
    }

    public Task<bool> RenewSlotsAsync(Guid leaseId, TimeSpan duration, CancellationToken cancellationToken) =>
        Get<ConcurrencyLimits>().Clients.TryRenewAsync(leaseId, Time.GetUtcNow() + duration, cancellationToken);

    public Task ReleaseSlotsAsync(Guid leaseId) => Get<ConcurrencyLimits>().Clients.ReleaseLeaseAsync(leaseId, CancellationToken.None);

    private T Get<T>()
        where T : notnull => services.GetRequiredService<T>();
}
