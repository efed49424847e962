using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Server.Runs;

/// <summary>The gate's answer to an attempt that wants to start.</summary>
/// <param name="Kind">What the attempt is to do.</param>
/// <param name="Result">The gate's answer to the proposal of Running.</param>
/// <param name="TaskRun">The task run as stored; null when it was refused before it existed.</param>
public sealed record TaskRunStarted(TaskRunStartKind Kind, OrchestrationResult Result, TaskRun? TaskRun)
{
    /// <summary>For a run that had completed already: its result's JSON.</summary>
    public string? StoredResultJson { get; init; }

    /// <summary>The attempt that was begun, for <see cref="RunGate.EndTaskRunAsync"/>; null when it was begun earlier, or not.</summary>
    internal TaskRunAttempt? Attempt { get; init; }

    /// <summary>Why the attempt was not begun; null for none.</summary>
    public string? Reason => Result.Details switch
    {
        StateAbortDetails abort => abort.Reason,
        StateRejectDetails reject => reject.Reason,
        _ => null,
    };
}
