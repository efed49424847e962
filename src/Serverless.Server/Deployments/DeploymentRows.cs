using System.Collections.Concurrent;
using Serverless.Core.Models;
using Serverless.Server.Deployments.Scheduling;
using Serverless.Storage;

namespace Serverless.Server.Deployments;

/// <summary>Reads and writes the rows of deployments. Nobody else commits to them.</summary>
internal sealed class DeploymentRows(IRowStore store, TimeProvider time)
{
    private const int MaxNames = 10_000;

    // An id's names never change, so they are read once; the deployment itself is read every time.
    private readonly ConcurrentDictionary<Guid, (string Flow, string Deployment)> _names = new();

    /// <summary>A deployment by its flow's name and its own; null when there is none.</summary>
    public async ValueTask<StoredDeployment?> FindAsync(string flowName, string name, CancellationToken cancellationToken) =>
        await store.GetAsync(DeploymentKeys.ByName(flowName, name), cancellationToken) is { } row
            ? StoredDeployment.From(flowName, row)
            : null;

    /// <summary>A deployment by its id; null when there is none.</summary>
    public async ValueTask<StoredDeployment?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await NamesAsync(id, cancellationToken) is { } names
        && await FindAsync(names.Flow, names.Deployment, cancellationToken) is { } stored
        && stored.Deployment.Id == id
            ? stored
            : null;

    /// <summary>Writes a new deployment; false when there is one of that name.</summary>
    public Task<bool> TryInsertAsync(
        string flowName,
        Deployment deployment,
        CancellationToken cancellationToken,
        DeclaredParts? declared = null
    )
    {
        var empty = deployment with { Schedules = [] };
        var plan = DeploymentPlan.Empty.After(empty, deployment, WireClock.Now(time));
        return TryWriteAsync(null, new StoredDeployment(flowName, deployment, plan, "") { Declared = declared }, cancellationToken);
    }

    /// <summary>Writes a changed deployment, with what the change means for its schedules; false when it is not as it was.</summary>
    public Task<bool> TryReplaceAsync(StoredDeployment before, Deployment after, CancellationToken cancellationToken)
    {
        var plan = before.Plan.After(before.Deployment, after, WireClock.Now(time));
        return TryWriteAsync(before, before with { Deployment = after, Plan = plan }, cancellationToken);
    }

    /// <summary>Writes how far a deployment is planned; false when it is not as it was.</summary>
    public Task<bool> TryReplaceAsync(StoredDeployment before, DeploymentPlan plan, CancellationToken cancellationToken) =>
        TryWriteAsync(before, before with { Plan = plan }, cancellationToken);

    /// <summary>Deletes a deployment; false when it is not as it was.</summary>
    public async Task<bool> TryDeleteAsync(StoredDeployment stored, CancellationToken cancellationToken)
    {
        var id = stored.Deployment.Id;
        RowCommit commit = new();
        commit.Add(RowOperation.Delete(DeploymentKeys.ByName(stored.FlowName, stored.Deployment.Name), stored.ETag));
        commit.AddDerived(RowOperation.Delete(DeploymentKeys.ById(id)));
        commit.AddColumns(DeploymentColumns.Change(stored, null));
        DueDeployments.Update(commit, stored, null);
        if (!(await store.CommitAsync(commit, cancellationToken)).Succeeded)
        {
            return false;
        }

        _names.TryRemove(id, out _);
        return true;
    }

    private async Task<bool> TryWriteAsync(StoredDeployment? before, StoredDeployment after, CancellationToken cancellationToken)
    {
        var deployment = after.Deployment;
        var address = DeploymentKeys.ByName(after.FlowName, deployment.Name);
        var properties = after.Properties();
        RowCommit commit = new();
        if (before is null)
        {
            RowProperties names = new()
            {
                { DeploymentKeys.FlowNameProperty, after.FlowName },
                { DeploymentKeys.NameProperty, deployment.Name },
            };
            commit.Add(RowOperation.Insert(address, properties));
            commit.AddDerived(RowOperation.Upsert(DeploymentKeys.ById(deployment.Id), names));
        }
        else
        {
            commit.Add(RowOperation.Replace(address, properties, before.ETag));
        }

        commit.AddColumns(DeploymentColumns.Change(before, after));
        DueDeployments.Update(commit, before, after);
        return (await store.CommitAsync(commit, cancellationToken)).Succeeded;
    }

    private async ValueTask<(string Flow, string Deployment)?> NamesAsync(Guid id, CancellationToken cancellationToken)
    {
        if (_names.TryGetValue(id, out (string, string) known))
        {
            return known;
        }

        if (await store.GetAsync(DeploymentKeys.ById(id), cancellationToken) is not { } row)
        {
            return null;
        }

        if (_names.Count >= MaxNames)
        {
            _names.Clear();
        }

        return _names[id] = (
            row.Properties.Get<string>(DeploymentKeys.FlowNameProperty)!,
            row.Properties.Get<string>(DeploymentKeys.NameProperty)!
        );
    }
}
