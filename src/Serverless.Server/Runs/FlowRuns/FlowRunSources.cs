using Serverless.Core.Filters;
using Serverless.Server.Flows;

namespace Serverless.Server.Runs;

/// <summary>Picks the narrowest lists that hold every run that a query can match.</summary>
internal sealed class FlowRunSources(RunReader reader, FlowService flows)
{
    private static readonly FlowRunSource All = new(null, [RunKeys.AllRuns]);

    public async ValueTask<FlowRunSource> PickAsync(RunQuery query, CancellationToken cancellationToken)
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

        if (await FlowIdsAsync(query.Flows, cancellationToken) is { } flowIds)
        {
            return Lists(flowIds, RunKeys.ListByFlow);
        }

        if (runs?.State is { Operator: Operator.And, Type.Any: { } types })
        {
            var exact = IsOnly(query, new FlowRunFilter { State = new StateFilter { Type = new StateTypeFilter { Any = types } } });
            return new FlowRunSource(null, [.. types.Distinct().Select(RunKeys.ListByState)], exact);
        }

        return All with
        {
            IsExact = IsOnly(query, new FlowRunFilter()),
        };
    }

    private static IReadOnlyList<Guid>? Any(IdFilter? filter) => filter is { Operator: Operator.And } ? filter.Any : null;

    private static FlowRunSource Lists(IEnumerable<Guid> ids, Func<Guid, string> list) => new(null, [.. ids.Distinct().Select(list)]);

    // Records compare their lists by reference, so an equal filter has nothing but the criterion it was made from.
    private static bool IsOnly(RunQuery query, FlowRunFilter filter) =>
        query is { Flows: null, TaskRuns: null, Deployments: null, WorkPools: null, WorkPoolQueues: null }
        && (query.FlowRuns ?? new FlowRunFilter()) == filter;

    private async ValueTask<IReadOnlyCollection<Guid>> OwnersAsync(IReadOnlyList<Guid> taskRunIds, CancellationToken cancellationToken)
    {
        HashSet<Guid> owners = [];
        foreach (var taskRunId in taskRunIds)
        {
            if (await reader.FlowRunOfTaskRunAsync(taskRunId, cancellationToken) is { } owner)
            {
                owners.Add(owner);
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
