using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Server.Runs;

/// <summary>The gate's answer to an attempt that wants to start.</summary>
/// <param name="Result">Accept: do the work. Otherwise do not; <see cref="OrchestrationResult.State"/> is the run's state now.</param>
/// <param name="TaskRun">The task run as stored; null when it was refused before it existed.</param>
/// <param name="StoredResultJson">For a run that had completed already: its result's JSON.</param>
public sealed record TaskRunStarted(OrchestrationResult Result, TaskRun? TaskRun, string? StoredResultJson)
{
    /// <summary>The attempt that was begun, for <see cref="RunGate.EndTaskRunAsync"/>; null when it was begun earlier, or not.</summary>
    internal TaskRunAttempt? Attempt { get; init; }

    /// <summary>True when the run had ended already, as after a crash before the activity's outcome was recorded.</summary>
    public bool AlreadyFinal => TaskRun?.StateType?.IsFinal() ?? false;
}
