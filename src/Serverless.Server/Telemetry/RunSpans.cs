using System.Diagnostics;
using Serverless.Core.States;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;
using Serverless.Storage.Telemetry;

namespace Serverless.Server.Telemetry;

/// <summary>
/// The spans of a run's trace: where it was created, what the outbox did about it, each attempt of the flow and of its tasks. Named as
/// those of Durable Task are. Nothing is made while nobody listens.
/// </summary>
public static class RunSpans
{
    internal const string Create = "create_orchestration:";
    internal const string FlowRun = "orchestration:";
    internal const string TaskAttempt = "activity:";
    internal const string Outbox = "outbox:";

    internal static ActivitySource Source { get; } = new(ServerlessTelemetry.Name);

    /// <summary>
    /// Starts the span around the code of an attempt of a task, which sees it as <see cref="Activity.Current"/>; null when nobody listens.
    /// </summary>
    /// <param name="started">The attempt.</param>
    /// <param name="taskName">The task's name.</param>
    public static Activity? StartTaskAttempt(TaskRunStarted started, string taskName)
    {
        ArgumentNullException.ThrowIfNull(started);
        if (!Source.HasListeners() || started.TaskRun is not { } run)
        {
            return null;
        }

        return Source
            .StartActivity(TaskAttempt + taskName, ActivityKind.Server, started.Span)
            ?.SetTag(TelemetryAttributes.DurableType, "activity")
            .SetTag(TelemetryAttributes.DurableName, taskName)
            .SetTag(TelemetryAttributes.FlowRunId, run.FlowRunId)
            .SetTag(TelemetryAttributes.TaskRunId, run.Id)
            .SetTag(TelemetryAttributes.Attempt, run.RunCount);
    }

    /// <summary>Says how an attempt of a task ended.</summary>
    /// <param name="span">What <see cref="StartTaskAttempt"/> gave.</param>
    /// <param name="ended">The state that is proposed for it.</param>
    public static void End(Activity? span, ProposedState ended)
    {
        ArgumentNullException.ThrowIfNull(ended);
        if (span is not null)
        {
            Ended(span, ended.Type, ended.Name, ended.Message);
        }
    }

    /// <summary>
    /// True for a span below one of <see cref="StartTaskAttempt"/>: what the author's code does. The app's own requests, to its store and
    /// queues, are not.
    /// </summary>
    public static bool IsTaskCode(Activity? span)
    {
        for (var above = span?.Parent; above is not null; above = above.Parent)
        {
            if (above.Source == Source && above.OperationName.StartsWith(TaskAttempt, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Starts the span of the dispatch of an outbox entry, in the trace of who caused it; null when nobody listens.</summary>
    /// <param name="entry">The entry.</param>
    public static Activity? StartDispatch(OutboxEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return !Source.HasListeners()
            ? null
            : Source
                .StartActivity(Outbox + OutboxRows.KindName(entry.Kind), ActivityKind.Consumer, TraceText.Parse(entry.Trace))
                ?.SetTag(TelemetryAttributes.FlowRunId, entry.FlowRunId == entry.TaskRunId ? null : entry.FlowRunId)
                .SetTag(TelemetryAttributes.TaskRunId, entry.TaskRunId)
                .SetTag(TelemetryAttributes.DurableInstanceId, entry.InstanceId);
    }

    /// <summary>Starts the span in which a run is created; null when nobody listens.</summary>
    internal static Activity? StartCreate(string flowName, Guid flowRunId, ActivityContext parent) =>
        !Source.HasListeners()
            ? null
            : Source
                .StartActivity(Create + flowName, ActivityKind.Producer, parent)
                ?.SetTag(TelemetryAttributes.DurableType, "orchestration")
                .SetTag(TelemetryAttributes.DurableName, flowName)
                .SetTag(TelemetryAttributes.FlowRunId, flowRunId);

    /// <summary>Writes the span of an attempt of a flow run that has just ended.</summary>
    /// <param name="before">The run while the attempt was under way.</param>
    /// <param name="end">The state that ended it.</param>
    /// <param name="flowName">The flow's name.</param>
    internal static void WriteFlowRun(StoredFlowRun before, State end, string flowName)
    {
        if (!Source.HasListeners() || before.Trace is not { Since: { } since } trace)
        {
            return;
        }

        using var span = Source.StartActivity(FlowRun + flowName, ActivityKind.Server, TraceText.Parse(trace.Parent), startTime: since);
        if (span is null)
        {
            return;
        }

        SpanIds.Set(span, trace.SpanOf(before.Run.Id).SpanId);
        span.SetTag(TelemetryAttributes.DurableType, "orchestration")
            .SetTag(TelemetryAttributes.DurableName, flowName)
            .SetTag(TelemetryAttributes.DurableInstanceId, OutboxEntry.InstanceIdOf(before.Run.Id, before.Generation))
            .SetTag(TelemetryAttributes.FlowRunId, before.Run.Id)
            .SetTag(TelemetryAttributes.Attempt, before.Run.RunCount)
            .SetEndTime(end.Timestamp.UtcDateTime);
        Ended(span, end.Type, end.Name, end.Message);
    }

    private static void Ended(Activity span, StateType type, string? name, string? message)
    {
        span.SetTag(TelemetryAttributes.StateType, StateTypeNames.Of(type))
            .SetTag(TelemetryAttributes.StateName, name ?? type.DefaultName());
        if (type is StateType.Failed or StateType.Crashed || name == StateNames.AwaitingRetry)
        {
            span.SetStatus(ActivityStatusCode.Error, message);
        }
    }
}
