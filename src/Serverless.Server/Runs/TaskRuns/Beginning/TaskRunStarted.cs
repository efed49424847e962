using System.Diagnostics;
using Serverless.Core.Models;
using Serverless.Server.Telemetry;

namespace Serverless.Server.Runs;

/// <summary>The gate's answer to an attempt that wants to start.</summary>
/// <param name="Kind">What the attempt is to do.</param>
/// <param name="Answer">The gate's answer to the proposal of Running.</param>
/// <param name="TaskRun">The task run as stored; null when it was refused before it existed.</param>
public sealed record TaskRunStarted(TaskRunStartKind Kind, GateAnswer Answer, TaskRun? TaskRun)
{
    /// <summary>For a run that had completed already: its result's JSON.</summary>
    public string? StoredResultJson { get; init; }

    /// <summary>The attempt that was begun, for <see cref="RunGate.EndTaskRunAsync"/>; null when it was begun earlier, or not.</summary>
    internal TaskRunAttempt? Attempt { get; init; }

    /// <summary>
    /// The span of the flow run, under which those of its task runs and subflows go; the default when it is part of no trace.
    /// </summary>
    public ActivityContext Span => TaskRun?.FlowRunId is { } flowRunId ? Trace?.SpanOf(flowRunId) ?? default : default;

    /// <summary>The trace that the flow run of an attempt that was begun is part of; null for none.</summary>
    internal RunTrace? Trace { get; init; }

    /// <summary>Why the attempt was not begun; null for none.</summary>
    public string? Reason => Answer is GateAnswer.Waits ? null : Answer.Reason;
}
