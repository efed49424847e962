using System.Globalization;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Flows.Hosting;
using Serverless.Functions.TaskRuns;
using Serverless.Server.Flows;
using Serverless.Server.Runs;

namespace Serverless.Functions.FlowRuns;

/// <summary>
/// Creates the run of a subflow, and the task run that mirrors it in its parent: as in Prefect, a child run is tied to its
/// parent by that task run. The gate refuses the task run, and with it the subflow, once the parent is being stopped.
/// </summary>
/// <param name="gate">The only writer of states.</param>
/// <param name="runs">The stored runs.</param>
/// <param name="flows">The flows of the app.</param>
/// <param name="registered">The ids of the flows of the app.</param>
public sealed class BeginSubflow(RunGate gate, FlowRunService runs, FlowRegistry flows, RegisteredFlows registered)
{
    /// <summary>The activity; both ids derive from the call, so that repeating it creates nothing twice.</summary>
    [Function(nameof(BeginSubflow))]
    public async Task<SubflowRun> RunAsync([ActivityTrigger] SubflowInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!flows.TryGetFlow(input.FlowName, out var flow) || !registered.TryGet(input.FlowName, out var stored))
        {
            CallOutcome unknown = new(
                input.ParentFlowRunId,
                StateType.Failed,
                StateNames.Failed,
                $"Flow '{input.FlowName}' is not registered in this app.",
                null
            );
            return new SubflowRun(input.ParentFlowRunId, default, null, unknown);
        }

        var taskRunId = StableIds.TaskRun(input.ParentFlowRunId, flow.Key, input.DynamicKey);
        var started = await gate.BeginTaskRunAsync(TaskRunStarts.OfSubflow(taskRunId, flow, input), cancellationToken);
        if (started is { Kind: TaskRunStartKind.Ended, TaskRun.State: { } ended })
        {
            var child = ended.StateDetails.ChildFlowRunId ?? taskRunId;
            return new SubflowRun(input.ParentFlowRunId, taskRunId, null, Outcomes.Of(child, ended, started.StoredResultJson));
        }

        if (started is not { Kind: TaskRunStartKind.Begun, TaskRun: { } taskRun })
        {
            var isForGood = started is null or { Kind: TaskRunStartKind.Stopped };
            var reason = started is null ? "The parent run was deleted." : started.Reason;
            return new SubflowRun(input.ParentFlowRunId, taskRunId, null, isForGood ? Outcomes.Refused(taskRunId, reason) : null);
        }

        using var parameters = JsonDocument.Parse(input.ParametersJson);

        // Each attempt of the parent that calls the subflow again has a run of its own: the one before has ended.
        var name = string.Create(CultureInfo.InvariantCulture, $"subflow-{taskRun.FlowRunRunCount}");
        var id = StableIds.From(taskRunId, input.Again == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{input.Again}"));
        var created = await runs.CreateSubflowAsync(
            id,
            input.ParentFlowRunId,
            new FlowRunCreate
            {
                FlowId = stored.Id,
                Name = input.RunName,
                Parameters = parameters
                    .RootElement.EnumerateObject()
                    .ToDictionary(property => property.Name, property => property.Value.Clone(), StringComparer.Ordinal),
                ParentTaskRunId = taskRunId,
                State = ProposedStates.Scheduled(),
                Tags = input.Tags is { } tags ? [.. flow.Tags.Union(tags, StringComparer.Ordinal)] : flow.Tags,
            },
            span: started.Span,
            cancellationToken: cancellationToken
        );
        return created is null
            ? new SubflowRun(input.ParentFlowRunId, taskRunId, null, Outcomes.Deleted(id))
            : new SubflowRun(input.ParentFlowRunId, taskRunId, new FlowRunStart(id, Generation: 1), TaskRunStateId: taskRun.StateId);
    }
}
