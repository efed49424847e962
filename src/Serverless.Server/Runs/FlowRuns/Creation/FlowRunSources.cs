using Serverless.Core.Filters;
using Serverless.Core.States;
using Serverless.Server.Flows;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>Picks the narrowest lists that hold every run that a query can match.</summary>
internal sealed class FlowRunSources(RunReader reader, FlowService flows)
{
    private static readonly FlowRunSource All = new(null, [RunKeys.AllRuns]);

    /// <summary>The lists, the part of them, and what the service can look at by itself.</summary>
    public async ValueTask<FlowRunSource> PickAsync(RunFilters query, CancellationToken cancellationToken)
    {
        var flowIds = await FlowIdsAsync(query.Flows, cancellationToken);
        var source = await PickListsAsync(query, flowIds, cancellationToken);
        if (query.FlowRuns is not { Operator: Operator.And } runs)
        {
            return source with { Where = [.. Conditions(query, new FlowRunFilter(), flowIds)] };
        }

        return source with
        {
            After = runs.ExpectedStartTime?.After,
            Before = runs.ExpectedStartTime?.Before,
            Where = [.. Conditions(query, runs, flowIds)],
        };
    }

    private static IEnumerable<RowCondition> Conditions(RunFilters query, FlowRunFilter runs, IReadOnlyCollection<Guid>? flowIds)
    {
        if (flowIds is not null)
        {
            yield return new(ListedFlowRun.Flow) { Any = Values(flowIds) };
        }

        foreach (
            var ids in (IReadOnlyList<Guid>?[])
                [Any(runs.DeploymentId), query.Deployments is { Operator: Operator.And } of ? Any(of.Id) : null]
        )
        {
            if (ids is not null)
            {
                yield return new(ListedFlowRun.Deployment) { Any = Values(ids) };
            }
        }

        if (runs.State is { Operator: Operator.And } state)
        {
            if (Types(state) is { } types)
            {
                yield return ListedFlowRun.IsOf(types);
            }

            if (Any(state.Name) is { } stateNames)
            {
                yield return new(ListedFlowRun.StateName) { Any = [.. stateNames] };
            }
        }

        if (runs.StartTime is { } start && (start.After ?? start.Before) is not null)
        {
            yield return new(ListedFlowRun.Start) { From = start.After, To = start.Before };
        }

        if (runs.EndTime is { } end && (end.After ?? end.Before) is not null)
        {
            yield return new(ListedFlowRun.End) { From = end.After, To = end.Before };
        }

        if (Any(runs.Name) is { } names)
        {
            yield return new(ListedFlowRun.Name) { Any = [.. names] };
        }
    }

    private async ValueTask<FlowRunSource> PickListsAsync(
        RunFilters query,
        IReadOnlyCollection<Guid>? flowIds,
        CancellationToken cancellationToken
    )
    {
        // With "or" no single criterion narrows anything, unless it is the only one; that case is not worth the trouble.
        var runs = query.FlowRuns is { Operator: Operator.And } filter ? filter : null;
        if (Any(runs?.Id) is { } ids)
        {
            return new FlowRunSource([.. ids.Distinct()], []);
        }

        if (query.TaskRuns is { Operator: Operator.And, Id: { } taskRunId } && Any(taskRunId) is { } taskRunIds)
        {
            return new FlowRunSource(await OwnersAsync(taskRunIds, cancellationToken), []);
        }

        if (query.TaskRuns is { Operator: Operator.And, FlowRunId: { IsNull: not true, Any: { } owners } })
        {
            return new FlowRunSource([.. owners.Distinct()], []);
        }

        if (Any(runs?.ParentTaskRunId) is { } parents)
        {
            return Lists(parents, RunKeys.ListByParent);
        }

        if (Any(runs?.ParentFlowRunId) is { } parentRuns)
        {
            return Lists(parentRuns, RunKeys.ListByParentRun);
        }

        if (Any(runs?.DeploymentId) is { } deployments)
        {
            var exact = IsOnly(query, new FlowRunFilter { DeploymentId = new IdFilter { Any = runs!.DeploymentId!.Any } });
            return Lists(deployments, RunKeys.ListByDeployment) with { IsExact = exact };
        }

        if (query.Deployments is { Operator: Operator.And, Id: { } deploymentId } && Any(deploymentId) is { } related)
        {
            return Lists(related, RunKeys.ListByDeployment);
        }

        if (flowIds is not null)
        {
            return Lists(flowIds, RunKeys.ListByFlow);
        }

        if (runs?.State is { Operator: Operator.And } state && Types(state) is { } types)
        {
            var exact = IsOnly(
                query,
                new FlowRunFilter { State = new StateFilter { Type = new StateTypeFilter { Any = state.Type!.Any } } }
            );
            return new FlowRunSource(null, [.. types.Select(RunKeys.ListByState)], exact);
        }

        return All with
        {
            IsExact = IsOnly(query, new FlowRunFilter()),
        };
    }

    private static IReadOnlyList<Guid>? Any(IdFilter? filter) => filter is { Operator: Operator.And } ? filter.Any : null;

    private static IReadOnlyList<string>? Any(TextFilter? filter) => filter is { Operator: Operator.And } ? filter.Any : null;

    /// <summary>The types of states that are wanted; null for any, and none.</summary>
    private static IReadOnlyList<StateType>? Types(StateFilter state) =>
        state.Type switch
        {
            { Any: { } any } => [.. any.Distinct()],
            { NotAny: { Count: > 0 } others } => [.. Enum.GetValues<StateType>().Except(others)],
            _ => null,
        };

    private static IReadOnlyList<object> Values(IEnumerable<Guid> ids) => [.. ids.Distinct().Cast<object>()];

    private static FlowRunSource Lists(IEnumerable<Guid> ids, Func<Guid, string> list) => new(null, [.. ids.Distinct().Select(list)]);

    // Records compare their lists by reference, so an equal filter has nothing but the criterion it was made from.
    private static bool IsOnly(RunFilters query, FlowRunFilter filter) =>
        query is { Flows: null, TaskRuns: null, Deployments: null, WorkPools: null, WorkPoolQueues: null }
        && (query.FlowRuns ?? new FlowRunFilter()) == filter;

    private async ValueTask<IReadOnlyCollection<Guid>> OwnersAsync(IReadOnlyList<Guid> taskRunIds, CancellationToken cancellationToken)
    {
        HashSet<Guid> owners = [];
        foreach (var taskRunId in taskRunIds)
        {
            var owner = await reader.FlowRunOfTaskRunAsync(taskRunId, cancellationToken);
            owner ??= (await reader.ListedTaskRunAsync(taskRunId, cancellationToken))?.TaskRun.DelayedBy;
            if (owner is { } flowRunId)
            {
                owners.Add(flowRunId);
            }
        }

        return owners;
    }

    private async ValueTask<IReadOnlyCollection<Guid>?> FlowIdsAsync(FlowFilter? filter, CancellationToken cancellationToken)
    {
        if (filter is not { Operator: Operator.And })
        {
            return null;
        }

        if (Any(filter.Id) is { } ids)
        {
            return ids;
        }

        if (filter.Name is not { Operator: Operator.And, Any: { } names })
        {
            return null;
        }

        List<Guid> found = [];
        foreach (var name in names)
        {
            if (await flows.GetAsync(name, cancellationToken) is { } flow)
            {
                found.Add(flow.Id);
            }
        }

        return found;
    }
}
