using System.Diagnostics;
using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Server.Runs;

/// <summary>
/// The gate's answer to a proposal: one of the records in here, and no other. Three of them mean that no rule has judged the proposal:
/// <see cref="Superseded"/>, <see cref="Moved"/> and <see cref="Missing"/>.
/// </summary>
public abstract record GateAnswer
{
    private GateAnswer(State? state) => State = state;

    /// <summary>The run's state now, whatever the answer; null when it has none, or when this was not looked at.</summary>
    public State? State { get; }

    /// <summary>Why the proposal was not accepted, for people; null when the rules give no reason.</summary>
    public virtual string? Reason => null;

    /// <summary>The proposed state was written; a rule may have changed it.</summary>
    public sealed record Accepted(State? Present) : GateAnswer(Present);

    /// <summary>The proposed state was not written, perhaps another one in its place.</summary>
    public sealed record Rejected(State? Present, string? Why) : GateAnswer(Present)
    {
        /// <inheritdoc/>
        public override string? Reason => Why;
    }

    /// <summary>Nothing was written: propose again after a while.</summary>
    public sealed record Waits(State? Present, int DelaySeconds, string? Why) : GateAnswer(Present)
    {
        /// <inheritdoc/>
        public override string? Reason => Why;
    }

    /// <summary>Nothing was written, and the caller must stop.</summary>
    public sealed record Aborted(State? Present, string? Why) : GateAnswer(Present)
    {
        /// <inheritdoc/>
        public override string? Reason => Why;
    }

    /// <summary>Nothing was written: the run was started again since, so another orchestration drives it.</summary>
    public sealed record Superseded(State? Present) : GateAnswer(Present)
    {
        /// <inheritdoc/>
        public override string Reason => "The flow run was started again: this orchestration no longer drives it.";
    }

    /// <summary>Nothing was written: the run has changed since the caller read it. Read it again.</summary>
    public sealed record Moved() : GateAnswer((State?)null)
    {
        /// <inheritdoc/>
        public override string Reason => "The run has changed meanwhile.";
    }

    /// <summary>There is no such run.</summary>
    public sealed record Missing() : GateAnswer((State?)null)
    {
        /// <inheritdoc/>
        public override string Reason => "There is no such run.";
    }

    /// <summary>True when the proposed state was written.</summary>
    public bool IsAccepted => this is Accepted;

    /// <summary>The answer on the wire, which has four kinds; null when there is no such run.</summary>
    public OrchestrationResult? ToResult() =>
        this switch
        {
            Accepted => Result(SetStateStatus.Accept, new StateAcceptDetails()),
            Rejected => Result(SetStateStatus.Reject, new StateRejectDetails(Reason)),
            Waits waits => Result(SetStateStatus.Wait, new StateWaitDetails(waits.DelaySeconds, Reason)),
            Aborted or Superseded or Moved => Result(SetStateStatus.Abort, new StateAbortDetails(Reason)),
            Missing => null,
            _ => throw new UnreachableException(),
        };

    internal static GateAnswer Of<TRun>(TransitionOutcome<TRun> outcome)
        where TRun : class =>
        outcome.Status switch
        {
            SetStateStatus.Accept => new Accepted(outcome.Current),
            SetStateStatus.Wait => new Waits(outcome.Current, outcome.DelaySeconds ?? 0, outcome.Reason),
            SetStateStatus.Abort => new Aborted(outcome.Current, outcome.Reason),
            _ => new Rejected(outcome.Current, outcome.Reason),
        };

    /// <summary>The same answer about a run that is in another state than the one that was judged.</summary>
    internal GateAnswer About(State? state) =>
        this switch
        {
            Accepted => new Accepted(state),
            Rejected => new Rejected(state, Reason),
            Waits waits => new Waits(state, waits.DelaySeconds, Reason),
            Aborted => new Aborted(state, Reason),
            Superseded => new Superseded(state),
            _ => this,
        };

    private OrchestrationResult Result(SetStateStatus status, StateResponseDetails details) =>
        new()
        {
            State = State,
            Status = status,
            Details = details,
        };
}
