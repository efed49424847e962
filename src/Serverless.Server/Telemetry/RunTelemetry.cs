using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Flows;
using Serverless.Server.Runs.Writing;

namespace Serverless.Server.Telemetry;

/// <summary>Tells of states that were written. Looks at a few fields and no more while nobody listens.</summary>
internal sealed class RunTelemetry(RegisteredFlows flows)
{
    private static bool TellsOfFlowRuns =>
        ServerMetrics.FlowRunTransitions.Enabled || ServerMetrics.FlowRunStartDelay.Enabled || ServerMetrics.FlowRunDuration.Enabled;

    private static bool TellsOfTaskRuns => ServerMetrics.TaskRunTransitions.Enabled || ServerMetrics.TaskRunDuration.Enabled;

    /// <summary>A change of a flow run was written.</summary>
    public void Written(FlowRunChange change)
    {
        if (change.After is not { } after)
        {
            return;
        }

        if (TellsOfFlowRuns)
        {
            Count(after.Run, change.Before?.Run, change.Written);
        }

        if (change.Before is { Trace.Since: not null } before && after is { Trace.Since: null, Run.State: { } end })
        {
            RunSpans.WriteFlowRun(before, end, NameOf(after.Run));
        }
    }

    /// <summary>A change of a task run was written.</summary>
    public void Written(TaskRunChange change)
    {
        if (TellsOfTaskRuns && change.After is { } after)
        {
            Count(after.FlowRun, after.TaskRun, change.Written);
        }
    }

    private void Count(FlowRun? flowRun, TaskRun run, IReadOnlyList<State> written)
    {
        KeyValuePair<string, object?> flow = new(TelemetryAttributes.FlowName, NameOf(flowRun));
        foreach (var state in written)
        {
            ServerMetrics.TaskRunTransitions.Add(1, flow, StateOf(state));
        }

        if (run.StartTime is { } start && written is [.., { } last] && last.IsFinal())
        {
            ServerMetrics.TaskRunDuration.Record((last.Timestamp - start).TotalSeconds, flow, StateOf(last));
        }
    }

    private void Count(FlowRun run, FlowRun? before, IReadOnlyList<State> written)
    {
        KeyValuePair<string, object?> flow = new(TelemetryAttributes.FlowName, NameOf(run));
        foreach (var state in written)
        {
            ServerMetrics.FlowRunTransitions.Add(1, flow, StateOf(state));
        }

        if (run.StartTime is not { } start)
        {
            return;
        }

        if (before?.StartTime is null && run.ExpectedStartTime is { } expected)
        {
            ServerMetrics.FlowRunStartDelay.Record(Math.Max((start - expected).TotalSeconds, 0), flow);
        }

        if (written is [.., { } last] && last.IsFinal())
        {
            ServerMetrics.FlowRunDuration.Record((last.Timestamp - start).TotalSeconds, flow, StateOf(last));
        }
    }

    /// <summary>The flow's name; one name for all flows that do not run in this app: clients make theirs up.</summary>
    private string NameOf(FlowRun? run) =>
        run is not null && flows.TryGet(run.FlowId, out var flow) ? flow.Name : TelemetryAttributes.Other;

    private static KeyValuePair<string, object?> StateOf(State state) => new(TelemetryAttributes.StateType, StateTypeNames.Of(state.Type));
}
