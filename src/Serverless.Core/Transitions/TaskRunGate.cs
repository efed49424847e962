using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Core.Transitions;

/// <summary>
/// The gate of task runs: decides what becomes of a proposed state. Pure: the caller stores the outcome, and
/// makes sure that the transitions of one run are judged one after the other.
/// </summary>
public static class TaskRunGate
{
    // The type, name, timestamp and id of the run's state go with the state itself: see MakeRun.
    private static readonly ITransitionTransform<TaskRunTransition>[] Transforms =
    [
        new EnsureStateTimestampIsUnique(),
        new SetStartTime(),
        new SetEndTime(),
        new IncrementRunTime(),
        new SetExpectedStartTime(),
        new SetNextScheduledStartTime(),
        new UpdateTaskRunStateDetails(),
        new IncrementTaskRunCount(),
    ];

    /// <summary>Judges <paramref name="proposed"/>.</summary>
    /// <param name="run">The run as stored.</param>
    /// <param name="proposed">The state that is wanted.</param>
    /// <param name="facts">What else there is to know.</param>
    /// <param name="policy">The rules; <see cref="MinimalTaskPolicy"/> to force.</param>
    public static TransitionOutcome<TaskRun> Evaluate(
        TaskRun run,
        ProposedState proposed,
        in TaskTransitionFacts facts,
        TaskTransitionPolicy policy
    )
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(proposed);
        ArgumentNullException.ThrowIfNull(policy);

        var transition = new TaskRunTransition(run, proposed, facts);
        policy.Policy.Evaluate(transition, Transforms);

        var written = transition.IsNullified ? null : transition.MakeState(run.Id);
        return new TransitionOutcome<TaskRun>
        {
            Status = transition.Status,
            Run = transition.MakeRun(written),
            Written = written,
            Current = written ?? transition.Initial,
            Reason = transition.Reason,
            DelaySeconds = transition.DelaySeconds,
            Lease = transition.Lease,
            CacheEntry = transition.CacheEntry,
            Queueing = transition.Queueing,
        };
    }
}
