using Serverless.Core.States;

namespace Serverless.Core.Transitions;

/// <summary>
/// The gate's decision: store <see cref="Run"/> and append <see cref="Written"/> in one commit, and answer.
/// </summary>
/// <typeparam name="TRun">The kind of run.</typeparam>
public sealed record TransitionOutcome<TRun>
    where TRun : class
{
    /// <summary>The answer.</summary>
    public required SetStateStatus Status { get; init; }

    /// <summary>The run as it is to be stored; the very instance that was judged when nothing changed.</summary>
    public required TRun Run { get; init; }

    /// <summary>The state to append to the history, also that which took the proposed one's place; null for none.</summary>
    public required State? Written { get; init; }

    /// <summary>The run's state after the decision; null while it has none.</summary>
    public required State? Current { get; init; }

    /// <summary>Why the proposal was not accepted; Prefect's words.</summary>
    public string? Reason { get; init; }

    /// <summary>For Wait: after how many seconds to propose again.</summary>
    public int? DelaySeconds { get; init; }

    /// <summary>
    /// The slots that the run holds from now on. A lease with another id than before is to be taken before the run is stored, and
    /// and the former one is released with it; the same lease with another expiry is to be renewed.
    /// </summary>
    public SlotLease? Lease { get; init; }

    /// <summary>Under which key <see cref="Written"/> is to be found again by later task runs; null for none.</summary>
    public CacheEntry? CacheEntry { get; init; }

    /// <summary>Whether the task run is to be put into the queue of its task.</summary>
    public TaskQueueing Queueing { get; init; }

    /// <summary>What an event is to tell of; null for no event.</summary>
    public FlowRunStateChange? Change { get; init; }

    /// <summary>The answer on the wire.</summary>
    public OrchestrationResult ToResult() =>
        new()
        {
            State = Current,
            Status = Status,
            Details = Status switch
            {
                SetStateStatus.Accept => new StateAcceptDetails(),
                SetStateStatus.Wait => new StateWaitDetails(DelaySeconds ?? 0, Reason),
                SetStateStatus.Abort => new StateAbortDetails(Reason),
                _ => new StateRejectDetails(Reason),
            },
        };
}
