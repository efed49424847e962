using System.Runtime.CompilerServices;
using System.Text.Json;
using Serverless.Core.Ids;
using Serverless.Core.Json;
using Serverless.Core.Models;
using Serverless.Server.Flows;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Deployments;

/// <summary>Deployments: flows made ready to be run by name.</summary>
public sealed class DeploymentService
{
    /// <summary>How long after the last poll a deployment is ready (Prefect's default).</summary>
    private static readonly TimeSpan PollTimeout = TimeSpan.FromSeconds(60);

    /// <summary>How old the time of the last poll may become before it is written again.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    private readonly IRowStore _store;
    private readonly TimeProvider _time;
    private readonly IIdGenerator _ids;
    private readonly FlowService _flows;
    private readonly DeploymentRows _rows;
    private readonly CommitRetry _retry;

    internal DeploymentService(
        IRowStore store,
        TimeProvider time,
        IIdGenerator ids,
        FlowService flows,
        DeploymentRows rows,
        CommitRetry retry
    )
    {
        _store = store;
        _time = time;
        _ids = ids;
        _flows = flows;
        _rows = rows;
        _retry = retry;
    }

    /// <summary>
    /// Makes a registered flow's deployment, and the flow itself, be as its code says; writes nothing when they are.
    /// </summary>
    /// <returns>The deployment; its <see cref="Deployment.FlowId"/> is the flow's id.</returns>
    public async Task<Deployment> EnsureDeploymentAsync(DeploymentSpec spec, CancellationToken cancellationToken = default)
    {
        var flow = (await _flows.CreateAsync(new FlowCreate { Name = spec.FlowName }, cancellationToken)).Flow;
        var schema = JsonElement.Parse(spec.ParameterSchemaJson);
        var declared = DeclaredParts.Of(spec);
        return await _retry.RunAsync<Deployment>(
            async token =>
            {
                var stored = await _rows.FindAsync(spec.FlowName, spec.Name, token);
                var now = WireClock.Now(_time);
                SpecMerge merge = new(spec, flow.Id, schema, _ids, now);
                if (stored is null)
                {
                    var created = merge.Create(New(spec.Name, flow, now));
                    return await _rows.TryInsertAsync(flow.Name, created, token, declared) ? created : default(TryResult<Deployment>);
                }

                var merged = merge.Apply(stored.Deployment, stored.Declared ?? DeclaredParts.None);
                var isAsSaid = merged == stored.Deployment && declared == stored.Declared;
                return isAsSaid || await _rows.TryReplaceAsync(stored with { Declared = declared }, merged, token)
                    ? merged
                    : default(TryResult<Deployment>);
            },
            cancellationToken
        );
    }

    /// <summary>Creates the flow's deployment of a name, or changes the one that there is.</summary>
    /// <param name="request">The deployment.</param>
    /// <param name="isRegistered">Whether this app runs the flow: then the deployment is ready without a runner.</param>
    /// <param name="shared">The limit that it shares with others from now on; null leaves that as it is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RequestConflictException">There is no such flow, or two schedules have one slug.</exception>
    public async Task<DeploymentCreated> CreateAsync(
        DeploymentCreate request,
        bool isRegistered,
        GlobalConcurrencyLimit? shared = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        var flow =
            await _flows.GetAsync(request.FlowId, cancellationToken)
            ?? throw new RequestConflictException($"Error creating deployment: there is no flow {request.FlowId}.");
        return await _retry.RunAsync<DeploymentCreated>(
            async token =>
            {
                var stored = await _rows.FindAsync(flow.Name, request.Name, token);
                var now = WireClock.Now(_time);
                var before = stored?.Deployment ?? New(request.Name, flow, now);
                var deployment = request.ApplyTo(before) with
                {
                    Updated = now,
                    GlobalConcurrencyLimit = shared ?? before.GlobalConcurrencyLimit,
                    Schedules = new ScheduleChanges(before, _ids, now).ReplaceAll(request.Schedules ?? []),
                };
                if (isRegistered)
                {
                    deployment = deployment with { Status = DeploymentStatus.Ready };
                }

                if (stored is null || request.Labels is not null)
                {
                    deployment = deployment with { Labels = LabelsOf(flow, request.Labels) };
                }

                return await TryWriteAsync(flow.Name, stored, deployment, token)
                    ? new DeploymentCreated(deployment, Created: stored is null)
                    : default(TryResult<DeploymentCreated>);
            },
            cancellationToken
        );
    }

    /// <summary>Changes a deployment. False when there is no such deployment.</summary>
    /// <param name="id">The deployment.</param>
    /// <param name="change">
    /// Gives the deployment as it is to be, perhaps with changed schedules; called again when somebody else changed it meanwhile.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal Task<bool> UpdateAsync(
        Guid id,
        Func<Deployment, ScheduleChanges, Deployment> change,
        CancellationToken cancellationToken = default
    )
    {
        return _retry.RunAsync<bool>(
            async token =>
            {
                if (await _rows.FindAsync(id, token) is not { } stored)
                {
                    return false;
                }

                var now = WireClock.Now(_time);
                var changed = change(stored.Deployment, new ScheduleChanges(stored.Deployment, _ids, now));
                return changed == stored.Deployment || await _rows.TryReplaceAsync(stored, changed with { Updated = now }, token)
                    ? true
                    : default(TryResult<bool>);
            },
            cancellationToken
        );
    }

    /// <summary>Changes the schedules of a deployment.</summary>
    /// <param name="id">The deployment.</param>
    /// <param name="change">
    /// Gives the schedules as they are to be, or null when the one that is meant is not there; called again when somebody else changed the
    /// deployment meanwhile.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The deployment's schedules; null when there is no such deployment, or no such schedule.</returns>
    internal async Task<IReadOnlyList<DeploymentSchedule>?> UpdateSchedulesAsync(
        Guid id,
        Func<ScheduleChanges, IReadOnlyList<DeploymentSchedule>?> change,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<DeploymentSchedule>? schedules = null;
        var found = await UpdateAsync(
            id,
            (stored, changes) =>
            {
                schedules = change(changes);
                return schedules is null || schedules.SequenceEqual(stored.Schedules) ? stored : stored with { Schedules = schedules };
            },
            cancellationToken
        );
        return found ? schedules : null;
    }

    /// <summary>
    /// Notes that a runner asked for the runs of a deployment, which makes it ready. One that is asked for often is written every few
    /// seconds.
    /// </summary>
    public async Task OnPolledAsync(Guid id, CancellationToken cancellationToken = default)
    {
        if (await _rows.FindAsync(id, cancellationToken) is not { Deployment: var deployment } stored)
        {
            return;
        }

        var now = WireClock.Now(_time);
        if (deployment.Status != DeploymentStatus.Ready || deployment.LastPolled is null || now - deployment.LastPolled >= PollInterval)
        {
            // If somebody else changed it meanwhile, the next poll comes soon.
            var polled = deployment with
            {
                LastPolled = now,
                Status = DeploymentStatus.Ready,
            };
            await _rows.TryReplaceAsync(stored, polled, cancellationToken);
        }
    }

    /// <summary>Deletes a deployment. False when there is no such deployment.</summary>
    public Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken = default) =>
        _retry.RunAsync<bool>(
            async token =>
                await _rows.FindAsync(id, token) is not { } stored ? false
                : await _rows.TryDeleteAsync(stored, token) ? true
                : default(TryResult<bool>),
            cancellationToken
        );

    /// <summary>A deployment by its flow's name and its own; null when there is none.</summary>
    public async Task<Deployment?> GetAsync(string flowName, string name, CancellationToken cancellationToken = default) =>
        await _rows.FindAsync(flowName, name, cancellationToken) is { } stored ? Show(stored.Deployment) : null;

    /// <summary>A deployment by its id; null when there is none.</summary>
    public async Task<Deployment?> GetAsync(Guid id, CancellationToken cancellationToken = default) =>
        await _rows.FindAsync(id, cancellationToken) is { } stored ? Show(stored.Deployment) : null;

    /// <summary>The id of a flow's deployment; null when there is none.</summary>
    internal async Task<Guid?> FindIdAsync(Guid flowId, string name, CancellationToken cancellationToken) =>
        await _flows.GetAsync(flowId, cancellationToken) is { } flow
            ? (await _rows.FindAsync(flow.Name, name, cancellationToken))?.Deployment.Id
            : null;

    /// <summary>Whether a flow has deployments.</summary>
    internal async ValueTask<bool> AnyAsync(string flowName, CancellationToken cancellationToken)
    {
        var range = RowRange.Partition(DeploymentKeys.Deployments, BoundedKey.From(flowName));
        return (await _store.QueryAsync(range, 1, null, cancellationToken)).Rows.Count > 0;
    }

    /// <summary>All deployments, in the order of their keys.</summary>
    internal async IAsyncEnumerable<Deployment> AllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in _store.ScanAsync(RowRange.WholeTable(DeploymentKeys.Deployments), cancellationToken: cancellationToken))
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

    private Deployment New(string name, Flow flow, DateTimeOffset now) =>
        new()
        {
            Id = _ids.NewId(),
            Name = name,
            FlowId = flow.Id,
            Created = now,
            Status = DeploymentStatus.NotReady,
            ParameterOpenapiSchema = JsonElement.Parse("{}"),
        };

    /// <summary>A deployment that runners asked for is ready only while they do.</summary>
    private Deployment Show(Deployment stored) =>
        stored.LastPolled is { } polled && _time.GetUtcNow() - polled > PollTimeout
            ? stored with
            {
                Status = DeploymentStatus.NotReady,
            }
            : stored;

    private Task<bool> TryWriteAsync(
        string flowName,
        StoredDeployment? before,
        Deployment deployment,
        CancellationToken cancellationToken
    ) =>
        before is null
            ? _rows.TryInsertAsync(flowName, deployment, cancellationToken)
            : _rows.TryReplaceAsync(before, deployment, cancellationToken);
}
