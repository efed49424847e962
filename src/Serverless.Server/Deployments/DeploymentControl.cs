using System.Net;
using System.Text.Json;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.Schemas;
using Serverless.Core.States;
using Serverless.Server.Concurrency;
using Serverless.Server.Deployments.Scheduling;
using Serverless.Server.Flows;
using Serverless.Server.Queries;
using Serverless.Server.Runs;
using Serverless.Server.Variables;

namespace Serverless.Server.Deployments;

/// <summary>
/// What clients do to deployments, with the limits and runs that belong to them. Before a change the schedules are filled, so that times
/// which were missed until then get their runs by the schedules as they were; after it they are filled as they are.
/// </summary>
public sealed class DeploymentControl(
    DeploymentService deployments,
    DeploymentQueries queries,
    FlowRunService runs,
    RegisteredFlows registered,
    ConcurrencyLimits limits,
    DeploymentScheduler scheduler,
    ScheduledRunCheck check,
    VariableService variables
)
{
    /// <summary>The most runs that one request creates.</summary>
    public const int MostRuns = 100;

    private readonly CheckedHydration _hydration = new(variables);
    private readonly DeploymentLimits _limits = new(limits, deployments);

    /// <summary>Creates the flow's deployment of a name, or changes the one that there is.</summary>
    /// <exception cref="RequestRefusedException">There is no such concurrency limit, or what is named cannot be there yet.</exception>
    /// <exception cref="RequestConflictException">There is no such flow, or a block is named.</exception>
    public async Task<DeploymentCreated> CreateAsync(DeploymentCreate request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        UnsupportedMembers.Check(request);
        var shared = await _limits.SharedByAsync(request, cancellationToken);
        GlobalConcurrencyLimit? before = null;
        if (await deployments.FindIdAsync(request.FlowId, request.Name, cancellationToken) is { } existing)
        {
            await scheduler.FillAsync(existing, cancellationToken);
            before = (await deployments.GetAsync(existing, cancellationToken))?.GlobalConcurrencyLimit;
        }

        var created = await deployments.CreateAsync(request, registered.TryGet(request.FlowId, out _), shared, cancellationToken);
        var id = created.Deployment.Id;
        await _limits.ApplyAsync(id, request, shared, before, cancellationToken);
        await scheduler.FillAsync(id, cancellationToken);
        var limited = request.SetsOwnLimit ? created.Deployment with { GlobalConcurrencyLimit = null } : created.Deployment;
        return created with { Deployment = await limits.ShowAsync(limited, cancellationToken) };
    }

    /// <summary>Changes a deployment. False when there is no such deployment.</summary>
    /// <exception cref="RequestRefusedException">A parameter says how its value is made, and it cannot be made; or there is no such
    /// concurrency limit.</exception>
    /// <exception cref="RequestConflictException">The parameters do not match the schema, or a block is named.</exception>
    public async Task<bool> UpdateAsync(Guid id, DeploymentUpdate request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        UnsupportedMembers.Check(request);
        if (request.GlobalConcurrencyLimitId is not null && await deployments.GetAsync(id, cancellationToken) is null)
        {
            return false;
        }

        var shared = await _limits.SharedByAsync(request, cancellationToken);
        GlobalConcurrencyLimit? before = null;
        await scheduler.FillAsync(id, cancellationToken);
        var parameters = request.Parameters is { } given ? await HydrateAsync(given, cancellationToken) : null;
        if (!await deployments.UpdateAsync(id, Change, cancellationToken))
        {
            return false;
        }

        await _limits.ApplyAsync(id, request, shared, before, cancellationToken);
        await scheduler.FillAsync(id, cancellationToken);
        return true;

        Deployment Change(Deployment stored, ScheduleChanges schedules)
        {
            before = stored.GlobalConcurrencyLimit;
            var changed = request.ApplyTo(stored) with { GlobalConcurrencyLimit = shared ?? before };
            changed = request.Schedules is { } updates ? changed with { Schedules = schedules.Patch(updates) } : changed;
            changed = parameters is null ? changed : changed with { Parameters = parameters };
            if (changed.EnforceParameterSchema)
            {
                Enforce(changed);
            }

            return changed;
        }
    }

    /// <summary>Pauses a deployment, or lets its schedules create runs again. False when there is no such deployment.</summary>
    public async Task<bool> PauseAsync(Guid id, bool paused, CancellationToken cancellationToken = default)
    {
        await scheduler.FillAsync(id, cancellationToken);
        var found = await deployments.UpdateAsync(
            id,
            (stored, _) => stored.Paused == paused ? stored : stored with { Paused = paused },
            cancellationToken
        );
        return found && await FilledAsync(id, cancellationToken);
    }

    /// <summary>Gives a deployment further schedules; null when there is no such deployment.</summary>
    /// <exception cref="RequestConflictException">Two schedules have one slug.</exception>
    public async Task<IReadOnlyList<DeploymentSchedule>?> AddSchedulesAsync(
        Guid id,
        IReadOnlyList<DeploymentScheduleCreate> schedules,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(schedules);
        var all = await deployments.UpdateSchedulesAsync(id, changes => changes.Add(schedules), cancellationToken);
        if (all is not null)
        {
            await scheduler.FillAsync(id, cancellationToken);
        }

        return all?.TakeLast(schedules.Count).ToList();
    }

    /// <summary>Changes a schedule. False when there is no such schedule.</summary>
    /// <exception cref="RequestConflictException">Two schedules have one slug.</exception>
    public async Task<bool> UpdateScheduleAsync(
        Guid id,
        Guid scheduleId,
        DeploymentScheduleUpdate update,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(update);
        await scheduler.FillAsync(id, cancellationToken);
        return await deployments.UpdateSchedulesAsync(id, changes => changes.Change(scheduleId, update), cancellationToken) is not null
            && await FilledAsync(id, cancellationToken);
    }

    /// <summary>Removes a schedule. False when there is no such schedule.</summary>
    public async Task<bool> RemoveScheduleAsync(Guid id, Guid scheduleId, CancellationToken cancellationToken = default)
    {
        await scheduler.FillAsync(id, cancellationToken);
        return await deployments.UpdateSchedulesAsync(id, changes => changes.Remove(scheduleId), cancellationToken) is not null
            && await FilledAsync(id, cancellationToken);
    }

    /// <summary>
    /// Deletes a deployment with its own limit and the runs that have not begun; the others stay, and so does a limit that it shares. False
    /// when there is no such deployment. Called again after a crash, it continues.
    /// </summary>
    public async Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken = default)
    {
        if (await deployments.GetAsync(id, cancellationToken) is not { } stored)
        {
            return false;
        }

        // The deployment goes last, so that a deletion that was interrupted can be asked for again, and once more after it: a run may have
        // been created meanwhile.
        await DeleteScheduledAsync(id, cancellationToken);
        await limits.SetDeploymentLimitAsync(id, null, cancellationToken);
        var deleted = await deployments.DeleteAsync(id, cancellationToken);
        await DeleteScheduledAsync(id, cancellationToken);
        if (stored.GlobalConcurrencyLimit is { } shared)
        {
            // Its runs that wait for a slot learn that their deployment is gone, and make way for others.
            await limits.OnBoundAsync(id, shared.Id, cancellationToken);
        }

        return deleted;
    }

    /// <summary>Deletes the deployments that match, in the order of their names.</summary>
    public async Task<BulkDeleted> DeleteAsync(DeploymentBulkDelete request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        DeploymentQuery query = new() { Deployments = request.Deployments, Limit = request.Limit };
        List<Guid> deleted = [];
        foreach (var deployment in await queries.FilterAsync(query, cancellationToken))
        {
            if (await DeleteAsync(deployment.Id, cancellationToken))
            {
                deleted.Add(deployment.Id);
            }
        }

        return new BulkDeleted(deleted);
    }

    /// <summary>The runs that a runner is to start now. The deployments count as ready for a minute.</summary>
    public async Task<IReadOnlyList<FlowRun>> GetScheduledAsync(ScheduledRunsQuery request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var found = await ScheduledAsync(request.DeploymentIds, request.ScheduledBefore, offset: 0, request.Limit, cancellationToken);
        foreach (var id in request.DeploymentIds.Distinct())
        {
            // The deployment of a flow that runs in this app is ready without a runner.
            if (await deployments.GetAsync(id, cancellationToken) is { } deployment && !registered.TryGet(deployment.FlowId, out _))
            {
                await deployments.OnPolledAsync(id, cancellationToken);
            }
        }

        return await check.FilterAsync(found, TransitionOrigin.Client, cancellationToken);
    }

    /// <summary>Creates runs of a deployment, each on its own; null when there is no such deployment.</summary>
    public async Task<FlowRunsCreated?> CreateRunsAsync(
        Guid id,
        IReadOnlyList<DeploymentFlowRunCreate> requests,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(requests);
        if (await deployments.GetAsync(id, cancellationToken) is null)
        {
            return null;
        }

        List<FlowRunCreateResult> results = [];
        foreach (var request in requests)
        {
            results.Add(await CreateRunAsync(id, request, cancellationToken));
        }

        return new FlowRunsCreated(results);
    }

    private async Task<bool> FilledAsync(Guid id, CancellationToken cancellationToken)
    {
        await scheduler.FillAsync(id, cancellationToken);
        return true;
    }

    private async Task<FlowRunCreateResult> CreateRunAsync(Guid id, DeploymentFlowRunCreate request, CancellationToken cancellationToken)
    {
        try
        {
            return await runs.CreateFromDeploymentAsync(id, request, cancellationToken: cancellationToken) is { } created
                ? new FlowRunCreateResult(created.Run.Id, "CREATED", null)
                : Failed("Deployment not found");
        }
        catch (HydrationException wrong)
        {
            return Failed($"Error hydrating flow run parameters: {wrong.Message}");
        }
        catch (Exception refused) when (refused is RequestConflictException or RequestRefusedException or OverloadedException)
        {
            return Failed(refused.Message);
        }

        static FlowRunCreateResult Failed(string error) => new(null, "FAILED", error);
    }

    private async Task<IReadOnlyDictionary<string, JsonElement>> HydrateAsync(
        IReadOnlyDictionary<string, JsonElement> given,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await _hydration.HydrateAsync(given, cancellationToken);
        }
        catch (HydrationException wrong)
        {
            throw new RequestRefusedException(HttpStatusCode.BadRequest, $"Error hydrating deployment parameters: {wrong.Message}");
        }
    }

    /// <summary>Deletes the runs that never began. One that waits for a slot, or to be tried again, is under way.</summary>
    private async Task DeleteScheduledAsync(Guid id, CancellationToken cancellationToken)
    {
        var kept = 0;
        IReadOnlyList<FlowRun> found;
        do
        {
            found = await ScheduledAsync([id], before: null, kept, Page.MaxLimit, cancellationToken);
            foreach (var run in found)
            {
                if (run.RunCount == 0 && run.StateName != StateNames.AwaitingConcurrencySlot)
                {
                    await runs.DeleteAsync(run.Id, cancellationToken);
                }
                else
                {
                    kept++;
                }
            }
        } while (found.Count > 0);
    }

    private Task<IReadOnlyList<FlowRun>> ScheduledAsync(
        IReadOnlyList<Guid> ids,
        DateTimeOffset? before,
        int offset,
        int? limit,
        CancellationToken cancellationToken
    ) =>
        runs.FilterAsync(
            new FlowRunQuery
            {
                FlowRuns = new FlowRunFilter
                {
                    // The run's own member: the deployment may be gone already.
                    DeploymentId = new IdFilter { Any = ids },
                    State = new StateFilter { Type = new StateTypeFilter { Any = [StateType.Scheduled] } },
                    NextScheduledStartTime = before is null ? null : new TimeFilter { Before = before },
                },
                Sort = FlowRunSort.NextScheduledStartTimeAsc,
                Offset = offset,
                Limit = limit,
            },
            cancellationToken
        );

    private static void Enforce(Deployment deployment)
    {
        if (deployment.ParameterOpenapiSchema is not { ValueKind: JsonValueKind.Object } schema)
        {
            throw new RequestConflictException(
                "Error updating deployment: Cannot update parameters because parameter schema enforcement is enabled and the deployment "
                    + "does not have a valid parameter schema."
            );
        }

        if (ParameterSchema.Validate(OptionalParameters.Of(schema), deployment.Parameters) is [var first, ..])
        {
            throw new RequestConflictException($"Error updating deployment: {first}");
        }
    }
}
