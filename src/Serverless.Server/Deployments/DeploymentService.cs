using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Server.Flows;
using Serverless.Storage;

namespace Serverless.Server.Deployments;

/// <summary>Deployments: flows made ready to be run by name.</summary>
public sealed class DeploymentService(IRowStore store, TimeProvider time, IIdGenerator ids, FlowService flows)
{
    private const int MaxNames = 10_000;

    // An id's names never change, so they are read once; the deployment itself is read every time.
    private readonly ConcurrentDictionary<Guid, (string Flow, string Deployment)> _names = new();

    /// <summary>
    /// Makes a registered flow's deployment, and the flow itself, be as its code says; writes nothing when they are.
    /// </summary>
    /// <returns>The deployment; its <see cref="Deployment.FlowId"/> is the flow's id.</returns>
    public async Task<Deployment> EnsureDeploymentAsync(DeploymentSpec spec, CancellationToken cancellationToken = default)
    {
        var flow = (await flows.CreateAsync(new FlowCreate { Name = spec.FlowName }, cancellationToken)).Flow;
        using var schema = JsonDocument.Parse(spec.ParameterSchemaJson);
        var address = DeploymentKeys.ByName(spec.FlowName, spec.Name);
        while (true)
        {
            var row = await store.GetAsync(address, cancellationToken);
            var stored = row is null ? null : RowDocs.Read<Deployment>(row);
            if (stored is not null && IsAsSaid(stored, spec, flow.Id, schema.RootElement))
            {
                return stored;
            }

            var now = WireClock.Now(time);
            var deployment = (
                stored
                ?? new Deployment
                {
                    Id = ids.NewId(),
                    Name = spec.Name,
                    FlowId = flow.Id,
                    Created = now,
                }
            ) with
            {
                Updated = now,
                FlowId = flow.Id,
                ParameterOpenapiSchema = schema.RootElement.Clone(),
                Entrypoint = spec.Entrypoint,
                Description = spec.Description,
                Version = spec.Version,
                Tags = spec.Tags,
                Status = DeploymentStatus.Ready,
            };
            var properties = RowDocs.Of(deployment);
            RowCommit commit = new();
            commit.Add(row is null ? RowOperation.Insert(address, properties) : RowOperation.Replace(address, properties, row.ETag));
            commit.AddDerived(
                RowOperation.Upsert(
                    DeploymentKeys.ById(deployment.Id),
                    new RowProperties { { DeploymentKeys.FlowNameProperty, spec.FlowName }, { DeploymentKeys.NameProperty, spec.Name } }
                )
            );
            if ((await store.CommitAsync(commit, cancellationToken)).Succeeded)
            {
                return deployment;
            }
        }
    }

    /// <summary>A deployment by its flow's name and its own; null when there is none.</summary>
    public async Task<Deployment?> GetAsync(string flowName, string name, CancellationToken cancellationToken = default) =>
        await store.GetAsync(DeploymentKeys.ByName(flowName, name), cancellationToken) is { } row ? RowDocs.Read<Deployment>(row) : null;

    /// <summary>A deployment by its id; null when there is none.</summary>
    public async Task<Deployment?> GetAsync(Guid id, CancellationToken cancellationToken = default) =>
        await NamesAsync(id, cancellationToken) is { } names
        && await GetAsync(names.Flow, names.Deployment, cancellationToken) is { } deployment
        && deployment.Id == id
            ? deployment
            : null;

    /// <summary>
    /// Says what happens to a deployment's runs beyond its limit; null for the defaults. False when there is no such deployment.
    /// </summary>
    public async Task<bool> SetConcurrencyOptionsAsync(Guid id, ConcurrencyOptions? options, CancellationToken cancellationToken = default)
    {
        while (await NamesAsync(id, cancellationToken) is { } names)
        {
            var address = DeploymentKeys.ByName(names.Flow, names.Deployment);
            if (
                await store.GetAsync(address, cancellationToken) is not { } row
                || RowDocs.Read<Deployment>(row) is not { } stored
                || stored.Id != id
            )
            {
                return false;
            }

            var properties = RowDocs.Of(stored with { ConcurrencyOptions = options, Updated = WireClock.Now(time) });
            if (
                (
                    await store.CommitAsync(new RowCommit().Add(RowOperation.Replace(address, properties, row.ETag)), cancellationToken)
                ).Succeeded
            )
            {
                return true;
            }
        }

        return false;
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

    /// <summary>Whether a flow has deployments.</summary>
    internal async ValueTask<bool> AnyAsync(string flowName, CancellationToken cancellationToken)
    {
        var range = RowRange.Partition(DeploymentKeys.Deployments, BoundedKey.From(flowName));
        return (await store.QueryAsync(range, 1, null, cancellationToken)).Rows.Count > 0;
    }

    /// <summary>All deployments, in the order of their keys.</summary>
    internal async IAsyncEnumerable<Deployment> AllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in store.ScanAsync(RowRange.WholeTable(DeploymentKeys.Deployments), cancellationToken: cancellationToken))
        {
            yield return RowDocs.Read<Deployment>(row);
        }
    }

    private static bool IsAsSaid(Deployment stored, DeploymentSpec spec, Guid flowId, JsonElement schema) =>
        stored.FlowId == flowId
        && stored.Entrypoint == spec.Entrypoint
        && stored.Description == spec.Description
        && stored.Version == spec.Version
        && stored.Status == DeploymentStatus.Ready
        && stored.Tags.SequenceEqual(spec.Tags)
        && stored.ParameterOpenapiSchema is { } storedSchema
        && JsonElement.DeepEquals(storedSchema, schema);
}
