using Serverless.Core.Models;
using Serverless.Server.Concurrency;
using Serverless.Server.Deployments;
using Serverless.Server.Runs;
using Serverless.Web.Http;

namespace Serverless.Web.Limits;

/// <summary>Reads what the page of a concurrency limit shows.</summary>
internal sealed class LimitPageReader(
    ConcurrencyLimits limits,
    LimitRows rows,
    FlowRunService runs,
    TaskRunService tasks,
    DeploymentService deployments,
    TimeProvider time
)
{
    private const int Most = 50;

    public async Task<LimitModel?> ReadAsync(Guid id, Links links, CancellationToken cancellationToken)
    {
        if (await limits.GetAsync(id, cancellationToken) is not { } limit)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var live = limit.Slots.Where(slot => slot.CountAt(now) > 0).OrderBy(slot => slot.Claimed).ToList();
        List<SlotHolder> holders = [];
        foreach (var slot in live.Take(Most))
        {
            holders.Add(await HolderAsync(slot, links, cancellationToken));
        }

        var waiting = await limits.Queue.ListAsync(id, Most + 1, cancellationToken);
        List<SlotHolder> waits = [];
        foreach (var wait in waiting.Take(Most))
        {
            var (what, name, link) = await OfRunAsync(wait.Owner, links, cancellationToken);
            waits.Add(new SlotHolder(null, what, name, link, 1, wait.Since, null));
        }

        return new LimitModel(
            await rows.ShowAsync(limit, cancellationToken),
            limit.Name,
            limit.Occupancy,
            limit.Created,
            holders,
            live.Count,
            limit.ActiveSlots(now) - live.Sum(slot => slot.CountAt(now)),
            waits,
            waiting.Count > Most
        );
    }

    private async Task<SlotHolder> HolderAsync(StoredSlot slot, Links links, CancellationToken cancellationToken)
    {
        var (what, name, link) = slot.Client switch
        {
            null => await OfRunAsync(slot.Owner, links, cancellationToken),
            { Holder: { Type: LeaseHolderType.FlowRun } holder } => await OfRunAsync(new SlotOwner(holder.Id), links, cancellationToken),
            { Holder: { Type: LeaseHolderType.TaskRun } holder } => await OfTaskRunAsync(holder.Id, links, cancellationToken),
            { Holder: { } holder } => await OfDeploymentAsync(holder.Id, links, cancellationToken),
            _ => ("client", null, null),
        };
        return new SlotHolder(slot.LeaseId, what, name, link, slot.Count, slot.Claimed, slot.Free ?? slot.Lease.Expires);
    }

    private async Task<(string What, string? Name, string? Link)> OfRunAsync(
        SlotOwner owner,
        Links links,
        CancellationToken cancellationToken
    ) =>
        owner.TaskRunId is { } task ? await OfTaskRunAsync(task, links, cancellationToken)
        : await runs.GetAsync(owner.RunId, cancellationToken) is { } run ? ("flow run", run.Name, links.FlowRun(run.Id))
        : ("flow run", owner.RunId.ToString(), null);

    private async Task<(string What, string? Name, string? Link)> OfTaskRunAsync(
        Guid id,
        Links links,
        CancellationToken cancellationToken
    ) =>
        await tasks.GetAsync(id, cancellationToken) is { } task
            ? ("task run", task.Name, links.TaskRun(id))
            : ("task run", id.ToString(), null);

    private async Task<(string What, string? Name, string? Link)> OfDeploymentAsync(
        Guid id,
        Links links,
        CancellationToken cancellationToken
    ) =>
        await deployments.GetAsync(id, cancellationToken) is { } deployment
            ? ("deployment", deployment.Name, links.Deployment(id))
            : ("deployment", id.ToString(), null);
}
