using System.Diagnostics;
using System.Text.Json;
using Serverless.Core.Filters;
using Serverless.Core.Ids;
using Serverless.Core.Json;
using Serverless.Core.Models;
using Serverless.Core.Schemas;
using Serverless.Core.States;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Outbox;
using Serverless.Server.Queries;

namespace Serverless.Server.Runs;

/// <summary>Flow runs, but for their transitions: those go through <see cref="RunGate"/>.</summary>
public sealed class FlowRunService
{
    private readonly TimeProvider _time;
    private readonly IIdGenerator _ids;
    private readonly FlowService _flows;
    private readonly DeploymentService _deployments;
    private readonly RegisteredFlows _registered;
    private readonly RunReader _reader;
    private readonly FlowRunCreation _creation;
    private readonly FlowRunDeletion _deletion;
    private readonly FlowRunQueries _queries;
    private readonly CheckedHydration _hydration;

    internal FlowRunService(
        TimeProvider time,
        IIdGenerator ids,
        RegisteredFlows registered,
        FlowService flows,
        DeploymentService deployments,
        RunReader reader,
        FlowRunCreation creation,
        FlowRunDeletion deletion,
        FlowRunQueries queries,
        CheckedHydration hydration
    )
    {
        _time = time;
        _ids = ids;
        _flows = flows;
        _deployments = deployments;
        _registered = registered;
        _reader = reader;
        _creation = creation;
        _deletion = deletion;
        _queries = queries;
        _hydration = hydration;
    }

    /// <summary>Creates a run; a run of a registered flow is started, unless its first state is final.</summary>
    /// <param name="request">The run. Without a state it is Pending.</param>
    /// <param name="createdBy">Who creates it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RequestConflictException">There is no such flow or deployment.</exception>
    /// <exception cref="OverloadedException">Too many runs wait to be started.</exception>
    public async Task<FlowRunCreated> CreateAsync(
        FlowRunCreate request,
        CreatedBy? createdBy = null,
        CancellationToken cancellationToken = default
    )
    {
        RunPlaces.Check(request, _registered.TryGet(request.FlowId, out _));
        var draft = await DraftAsync(request, _ids.NewId(), createdBy, cancellationToken);
        var parentFlowRunId = await ParentAsync(request.ParentTaskRunId, cancellationToken);
        return await _creation.CreateAsync(draft, request.State ?? ProposedStates.Pending(), parentFlowRunId, cancellationToken);
    }

    /// <summary>
    /// Creates a run that an orchestration starts itself, as a subflow's; repeating the call gives the run that exists.
    /// Null when that run was deleted.
    /// </summary>
    /// <param name="id">The run's stable id. The orchestration to start is <see cref="OutboxEntry.InstanceIdOf"/> of it and generation
    /// 1.</param>
    /// <param name="parentFlowRunId">The flow run that calls the subflow.</param>
    /// <param name="request">The run; its idempotency key is of no account.</param>
    /// <param name="createdBy">Who creates it.</param>
    /// <param name="span">The span of the flow run that calls it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RequestConflictException">There is no such flow or deployment.</exception>
    public async Task<FlowRunCreated?> CreateSubflowAsync(
        Guid id,
        Guid parentFlowRunId,
        FlowRunCreate request,
        CreatedBy? createdBy = null,
        ActivityContext span = default,
        CancellationToken cancellationToken = default
    )
    {
        var draft = await DraftAsync(request with { IdempotencyKey = null }, id, createdBy, cancellationToken);
        return await _creation.TryCreateAsync(
            draft,
            request.State ?? ProposedStates.Pending(),
            TransitionOrigin.Orchestrator,
            parentFlowRunId,
            isNew: false,
            cancellationToken,
            span
        );
    }

    /// <summary>Creates a run of a deployment; null when there is no such deployment.</summary>
    /// <param name="deploymentId">The deployment.</param>
    /// <param name="request">What is special about the run. Without a state it is Scheduled now.</param>
    /// <param name="createdBy">Who creates it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="HydrationException">A parameter says how its value is to be made, and it cannot be.</exception>
    /// <exception cref="OverloadedException">Too many runs wait to be started.</exception>
    /// <exception cref="RequestConflictException">The parameters do not match the deployment's schema.</exception>
    public async Task<FlowRunCreated?> CreateFromDeploymentAsync(
        Guid deploymentId,
        DeploymentFlowRunCreate request,
        CreatedBy? createdBy = null,
        CancellationToken cancellationToken = default
    )
    {
        if (await _deployments.GetAsync(deploymentId, cancellationToken) is not { } deployment)
        {
            return null;
        }

        var runsInThisApp = _registered.TryGet(deployment.FlowId, out var registered);
        RunPlaces.Check(deployment, request, runsInThisApp);
        var parameters = await _hydration.HydrateAsync(RunParameters.Merge(deployment.Parameters, request.Parameters), cancellationToken);
        if (request.EnforceParameterSchema ?? deployment.EnforceParameterSchema)
        {
            Enforce(deployment, parameters, registered);
        }

        FlowRun draft = new()
        {
            Id = _ids.NewId(),
            Name = request.Name ?? "",
            FlowId = deployment.FlowId,
            DeploymentId = deployment.Id,
            DeploymentVersion = deployment.Version,
            Parameters = parameters,
            Context = request.Context,
            ParentTaskRunId = request.ParentTaskRunId,
            InfrastructureDocumentId = request.InfrastructureDocumentId ?? deployment.InfrastructureDocumentId,
            EmpiricalPolicy = request.EmpiricalPolicy,
            Tags = [.. deployment.Tags.Union(request.Tags)],
            Labels = RunLabels.For(deployment, request.Labels),
            IdempotencyKey = request.IdempotencyKey,
            WorkQueueName = request.WorkQueueName ?? deployment.WorkQueueName,
            WorkQueueId = deployment.WorkQueueId,
            WorkPoolName = deployment.WorkPoolName,
            JobVariables = request.JobVariables ?? JsonObjects.Empty,
            CreatedBy = createdBy,
        };
        var state = request.State ?? ProposedStates.Scheduled();
        var parentFlowRunId = await ParentAsync(request.ParentTaskRunId, cancellationToken);
        return await _creation.CreateAsync(draft, state, parentFlowRunId, cancellationToken);
    }

    /// <summary>A run as it is now; null when there is none.</summary>
    public async Task<FlowRun?> GetAsync(Guid flowRunId, CancellationToken cancellationToken = default) =>
        (await _reader.FlowRunAsync(flowRunId, cancellationToken))?.Run.WithEstimates(_time.GetUtcNow());

    /// <summary>A run as it is stored, for the orchestration that drives it; null when there is none.</summary>
    public async Task<FlowRunSnapshot?> ReadAsync(Guid flowRunId, CancellationToken cancellationToken = default) =>
        await _reader.FlowRunAsync(flowRunId, cancellationToken) is { } stored ? new FlowRunSnapshot(stored) : null;

    /// <summary>
    /// A run as this process has read or written it last, for the orchestration that drives it; null when it is not known here. What is
    /// proposed on it is written only if the run is still like that; whoever is refused reads the run and asks again.
    /// </summary>
    public FlowRunSnapshot? Recent(Guid flowRunId) => _reader.RecentFlowRun(flowRunId) is { } stored ? new FlowRunSnapshot(stored) : null;

    /// <summary>
    /// Whether task runs of a flow run may run now, and which attempts of them clients have ended; one look at the store.
    /// </summary>
    public ValueTask<RunPermit> GetPermitAsync(Guid flowRunId, CancellationToken cancellationToken = default) =>
        _reader.PermitAsync(flowRunId, cancellationToken);

    /// <summary>Which orchestration drives the run: 0 for a run that belongs to a remote client; null when there is no such run.</summary>
    public async Task<int?> GetGenerationAsync(Guid flowRunId, CancellationToken cancellationToken = default) =>
        (await _reader.FlowRunAsync(flowRunId, cancellationToken))?.Generation;

    /// <summary>The runs that a query matches, in its order.</summary>
    public async Task<IReadOnlyList<FlowRun>> FilterAsync(FlowRunQuery query, CancellationToken cancellationToken = default)
    {
        var now = _time.GetUtcNow();
        return [.. (await _queries.ListAsync(query, cancellationToken)).Select(run => run.WithEstimates(now))];
    }

    /// <summary>How many runs a query's filters match.</summary>
    public Task<int> CountAsync(FlowRunQuery query, CancellationToken cancellationToken = default) =>
        _queries.CountAsync(query, cancellationToken);

    /// <summary>The run's states, oldest first; none when there is no such run.</summary>
    public async Task<IReadOnlyList<State>> GetStatesAsync(Guid flowRunId, CancellationToken cancellationToken = default) =>
        await _reader.FlowRunAsync(flowRunId, cancellationToken) is { } stored
            ? await Page.AllAsync(_reader.StatesAsync(stored, cancellationToken))
            : [];

    /// <summary>A state of any flow run by its id; null when there is none.</summary>
    public async Task<State?> GetStateAsync(Guid stateId, CancellationToken cancellationToken = default) =>
        await _reader.FlowRunStateAsync(stateId, cancellationToken);

    /// <summary>How the run ended so far, with its result; null when there is no such run.</summary>
    public async Task<RunResult?> GetResultAsync(Guid flowRunId, CancellationToken cancellationToken = default)
    {
        if (await _reader.FlowRunAsync(flowRunId, cancellationToken) is not { } stored)
        {
            return null;
        }

        var json = stored.Run.StateType?.IsFinal() == true ? await _reader.ResultAsync(stored, cancellationToken) : null;
        return RunResult.Of(stored.Run.State, json, stored.History);
    }

    /// <summary>
    /// Deletes a run: from now on nobody sees it, and an outbox entry says that its orchestration is to be stopped and
    /// <see cref="PurgeAsync"/> to be called. False when there is no such run.
    /// </summary>
    public Task<bool> DeleteAsync(Guid flowRunId, CancellationToken cancellationToken = default) =>
        _deletion.DeleteAsync(flowRunId, cancellationToken);

    /// <summary>The same for a run that is still what the deletion rests on; false when it is not.</summary>
    internal Task<bool> DeleteAsync(Guid flowRunId, FlowRunBasis basis, CancellationToken cancellationToken) =>
        _deletion.DeleteAsync(flowRunId, basis, cancellationToken);

    /// <summary>
    /// Asks again for what a deletion asks for, on behalf of an orchestration that finds its run deleted: it may have started after
    /// the deletion was carried out, and nobody else would remove it.
    /// </summary>
    /// <param name="flowRunId">The deleted run.</param>
    /// <param name="generation">The generation that the orchestration belongs to.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task RequestPurgeAsync(Guid flowRunId, int generation, CancellationToken cancellationToken = default) =>
        _deletion.RequestPurgeAsync(flowRunId, generation, cancellationToken);

    /// <summary>Deletes what a deleted run left, in bounded steps; may be interrupted and repeated.</summary>
    public Task PurgeAsync(Guid flowRunId, CancellationToken cancellationToken = default) =>
        _deletion.PurgeAsync(flowRunId, cancellationToken);

    /// <summary>Deletes what reminds of a purged run. May be repeated.</summary>
    public Task ForgetAsync(Guid flowRunId, CancellationToken cancellationToken = default) =>
        _deletion.ForgetAsync(flowRunId, cancellationToken);

    private async ValueTask<Guid?> ParentAsync(Guid? parentTaskRunId, CancellationToken cancellationToken) =>
        parentTaskRunId is { } id ? await _reader.FlowRunOfTaskRunAsync(id, cancellationToken) : null;

    private async Task<FlowRun> DraftAsync(FlowRunCreate request, Guid id, CreatedBy? createdBy, CancellationToken cancellationToken)
    {
        var flow =
            await _flows.GetAsync(request.FlowId, cancellationToken)
            ?? throw new RequestConflictException($"Error creating flow run: there is no flow {request.FlowId}.");
        var deployment = request.DeploymentId is { } deploymentId
            ? await _deployments.GetAsync(deploymentId, cancellationToken)
                ?? throw new RequestConflictException($"Error creating flow run: there is no deployment {deploymentId}.")
            : null;
        return new FlowRun
        {
            Id = id,
            Name = request.Name ?? "",
            FlowId = request.FlowId,
            FlowVersion = request.FlowVersion,
            DeploymentId = request.DeploymentId,
            DeploymentVersion = deployment?.Version,
            Parameters = request.Parameters,
            Context = request.Context,
            ParentTaskRunId = request.ParentTaskRunId,
            InfrastructureDocumentId = request.InfrastructureDocumentId,
            EmpiricalPolicy = request.EmpiricalPolicy,
            Tags = [.. request.Tags.Distinct()],
            Labels = deployment is null ? RunLabels.For(flow, request.Labels) : RunLabels.For(deployment, request.Labels),
            IdempotencyKey = request.IdempotencyKey,
            WorkPoolName = request.WorkPoolName,
            WorkQueueName = request.WorkQueueName,
            JobVariables = request.JobVariables ?? JsonObjects.Empty,
            CreatedBy = createdBy,
        };
    }

    private static void Enforce(Deployment deployment, IReadOnlyDictionary<string, JsonElement> parameters, RegisteredFlow? registered)
    {
        if (deployment.ParameterOpenapiSchema is not { ValueKind: JsonValueKind.Object } schema)
        {
            throw new RequestConflictException(
                "Error creating flow run: parameter schema enforcement is enabled and the deployment does not have a valid parameter "
                    + "schema."
            );
        }

        if (ParameterSchema.Validate(schema, parameters) is [var first, ..])
        {
            throw new RequestConflictException($"Error creating flow run: {first}");
        }

        // A schema cannot say all that code wants: what is accepted here, the flow can be called with.
        if (
            registered?.Refuse(JsonSerializer.Serialize(parameters, WireJson.TypeInfo<IReadOnlyDictionary<string, JsonElement>>())) is
            { } problem
        )
        {
            throw new RequestConflictException($"Error creating flow run: {problem}");
        }
    }
}
