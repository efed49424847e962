using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Core.Transitions;

/// <summary>
/// The gate of flow runs: decides what becomes of a proposed state. Pure: the caller stores the outcome, and
/// makes sure that the transitions of one run are judged one after the other.
/// </summary>
public static class FlowRunGate
{
    // The type, name, timestamp and id of the run's state go with the state itself: see MakeRun.
    private static readonly ITransitionTransform<FlowRunTransition>[] Transforms =
    [
        new EnsureStateTimestampIsUnique(),
        new SetStartTime(),
        new SetEndTime(),
        new IncrementRunTime(),
        new SetExpectedStartTime(),
        new SetNextScheduledStartTime(),
        new UpdateFlowRunStateDetails(),
        new IncrementFlowRunCount(),
        new RemoveResumingIndicator(),
    ];

    /// <summary>Judges <paramref name="proposed"/>.</summary>
    /// <param name="run">The run as stored.</param>
    /// <param name="proposed">The state that is wanted.</param>
    /// <param name="facts">What else there is to know.</param>
    /// <param name="policy">The rules; <see cref="MinimalFlowPolicy"/> to force.</param>
    public static TransitionOutcome<FlowRun> Evaluate(
        FlowRun run,
        ProposedState proposed,
        in FlowTransitionFacts facts,
        FlowTransitionPolicy policy
    )
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(proposed);
        ArgumentNullException.ThrowIfNull(policy);

        var transition = new FlowRunTransition(run, proposed, facts);
        policy.Policy.Evaluate(transition, Transforms);

        var written = transition.IsNullified ? null : transition.MakeState(run.Id);
        var stored = transition.MakeRun(written);
        return new TransitionOutcome<FlowRun>
        {
            Status = transition.Status,
            Run = stored,
            Written = written,
            Current = written ?? transition.Initial,
            Reason = transition.Reason,
            DelaySeconds = transition.DelaySeconds,
            Lease = transition.Lease,
            Change = transition.IsInstrumented && written is not null ? new FlowRunStateChange(stored, transition.Initial, written) : null,
        };
    }
}
