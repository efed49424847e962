using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Serverless.Core.Ids;
using Serverless.Core.Json;
using Serverless.Core.Models;
using Serverless.Server.Flows;
using Serverless.Storage;

namespace Serverless.Server.Deployments;

/// <summary>Deployments: flows made ready to be run by name.</summary>
public sealed class DeploymentService(IRowStore store, TimeProvider time, IIdGenerator ids, FlowService flows)
{
    private const int MaxNames = 10_000;

    /// <summary>How long after the last poll a deployment is ready (Prefect's default).</summary>
    private static readonly TimeSpan PollTimeout = TimeSpan.FromSeconds(60);

    /// <summary>How old the time of the last poll may become before it is written again.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

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

            var deployment = (stored ?? New(spec.Name, flow)) with
            {
                Updated = WireClock.Now(time),
                FlowId = flow.Id,
                ParameterOpenapiSchema = schema.RootElement.Clone(),
                Entrypoint = spec.Entrypoint,
                Description = spec.Description,
                Version = spec.Version,
                Tags = spec.Tags,
                Status = DeploymentStatus.Ready,
            };
            if (await TryWriteAsync(flow.Name, deployment, row, cancellationToken))
            {
                return deployment;
            }
        }
    }

    /// <summary>Creates the flow's deployment of a name, or changes the one that there is.</summary>
    /// <param name="request">The deployment.</param>
    /// <param name="isRegistered">Whether this app executes the flow: then the deployment is ready without a runner.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RequestConflictException">There is no such flow.</exception>
    public async Task<DeploymentCreated> CreateAsync(
        DeploymentCreate request,
        bool isRegistered,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        var flow =
            await flows.GetAsync(request.FlowId, cancellationToken)
            ?? throw new RequestConflictException($"Error creating deployment: there is no flow {request.FlowId}.");
        while (true)
        {
            var row = await store.GetAsync(DeploymentKeys.ByName(flow.Name, request.Name), cancellationToken);
            var stored = row is null ? null : RowDocs.Read<Deployment>(row);
            var deployment = request.ApplyTo(stored ?? New(request.Name, flow)) with { Updated = WireClock.Now(time) };
            if (isRegistered)
            {
                deployment = deployment with { Status = DeploymentStatus.Ready };
            }

            if (stored is null || request.Labels is not null)
            {
                deployment = deployment with { Labels = LabelsOf(flow, request.Labels) };
            }

            if (await TryWriteAsync(flow.Name, deployment, row, cancellationToken))
            {
                return new DeploymentCreated(deployment, Created: stored is null);
            }
        }
    }

    /// <summary>Changes a deployment. False when there is no such deployment.</summary>
    /// <param name="id">The deployment.</param>
    /// <param name="change">Gives the deployment as it is to be; called again when somebody else changed it meanwhile.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<bool> UpdateAsync(Guid id, Func<Deployment, Deployment> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        while (await FindAsync(id, cancellationToken) is ({ } row, { } stored, { } flow))
        {
            var changed = change(stored);
            if (changed == stored || await TryWriteAsync(flow, changed with { Updated = WireClock.Now(time) }, row, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Notes that a runner asked for the runs of a deployment, which makes it ready. One that is asked for often is written every few
    /// seconds.
    /// </summary>
    public async Task OnPolledAsync(Guid id, CancellationToken cancellationToken = default)
    {
        if (await FindAsync(id, cancellationToken) is ({ } row, { } stored, { } flow))
        {
            var now = WireClock.Now(time);
            if (stored.Status != DeploymentStatus.Ready || stored.LastPolled is null || now - stored.LastPolled >= PollInterval)
            {
                // If somebody else changed it meanwhile, the next poll comes soon.
                await TryWriteAsync(flow, stored with { LastPolled = now, Status = DeploymentStatus.Ready }, row, cancellationToken);
            }
        }
    }

    /// <summary>Deletes a deployment. False when there is no such deployment.</summary>
    public async Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken = default)
    {
        while (await FindAsync(id, cancellationToken) is ({ } row, { } stored, { } flow))
        {
            RowCommit commit = new();
            commit.Add(RowOperation.Delete(DeploymentKeys.ByName(flow, stored.Name), row.ETag));
            commit.AddDerived(RowOperation.Delete(DeploymentKeys.ById(id)));
            if ((await store.CommitAsync(commit, cancellationToken)).Succeeded)
            {
                _names.TryRemove(id, out _);
                return true;
            }
        }

        return false;
    }

    /// <summary>A deployment by its flow's name and its own; null when there is none.</summary>
    public async Task<Deployment?> GetAsync(string flowName, string name, CancellationToken cancellationToken = default) =>
        await store.GetAsync(DeploymentKeys.ByName(flowName, name), cancellationToken) is { } row
            ? Show(RowDocs.Read<Deployment>(row))
            : null;

    /// <summary>A deployment by its id; null when there is none.</summary>
    public async Task<Deployment?> GetAsync(Guid id, CancellationToken cancellationToken = default) =>
        await NamesAsync(id, cancellationToken) is { } names
        && await GetAsync(names.Flow, names.Deployment, cancellationToken) is { } deployment
        && deployment.Id == id
            ? deployment
            : null;

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
            yield return Show(RowDocs.Read<Deployment>(row));
        }
    }

    private static Dictionary<string, JsonElement> LabelsOf(Flow flow, IReadOnlyDictionary<string, JsonElement>? given)
    {
        // Prefect's name for where a deployment comes from.
        Dictionary<string, JsonElement> labels = new(flow.Labels)
        {
            ["prefect.flow.id"] = JsonSerializer.SerializeToElement(flow.Id.ToString(), WireJson.TypeInfo<string>()),
        };
        foreach (var (name, value) in given ?? JsonObjects.Empty)
        {
            labels[name] = value;
        }

        return labels;
    }

    private Deployment New(string name, Flow flow) =>
        new()
        {
            Id = ids.NewId(),
            Name = name,
            FlowId = flow.Id,
            Created = WireClock.Now(time),
            Status = DeploymentStatus.NotReady,
            ParameterOpenapiSchema = JsonElement.Parse("{}"),
        };

    /// <summary>A deployment that runners asked for is ready only while they do.</summary>
    private Deployment Show(Deployment stored) =>
        stored.LastPolled is { } polled && time.GetUtcNow() - polled > PollTimeout
            ? stored with
            {
                Status = DeploymentStatus.NotReady,
            }
            : stored;

    private async ValueTask<(Row? Row, Deployment? Stored, string? Flow)> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await NamesAsync(id, cancellationToken) is { } names
        && await store.GetAsync(DeploymentKeys.ByName(names.Flow, names.Deployment), cancellationToken) is { } row
        && RowDocs.Read<Deployment>(row) is { } stored
        && stored.Id == id
            ? (row, stored, names.Flow)
            : default;

    private async Task<bool> TryWriteAsync(string flowName, Deployment deployment, Row? before, CancellationToken cancellationToken)
    {
        var address = DeploymentKeys.ByName(flowName, deployment.Name);
        var properties = RowDocs.Of(deployment);
        RowCommit commit = new();
        commit.Add(before is null ? RowOperation.Insert(address, properties) : RowOperation.Replace(address, properties, before.ETag));
        commit.AddDerived(
            RowOperation.Upsert(
                DeploymentKeys.ById(deployment.Id),
                new RowProperties { { DeploymentKeys.FlowNameProperty, flowName }, { DeploymentKeys.NameProperty, deployment.Name } }
            )
        );
        return (await store.CommitAsync(commit, cancellationToken)).Succeeded;
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
