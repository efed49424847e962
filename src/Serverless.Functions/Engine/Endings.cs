using Serverless.Core.States;

namespace Serverless.Functions.Engine;

/// <summary>In which of the states that authors return a run may be left. In the others nobody would ever move it on.</summary>
internal static class Endings
{
    /// <summary>A flow may end, or ask to be run again: when it is due, or when somebody resumes it.</summary>
    public static ProposedState OfFlow(ProposedState returned) => returned.IsPaused() ? returned : OfTask(returned, "flow");

    /// <summary>A task may end, or ask to be run again when it is due.</summary>
    public static ProposedState OfTask(ProposedState returned, string kind = "task") =>
        returned.IsFinal() || returned.IsScheduled()
            ? returned
            : ProposedStates.Failed($"The {kind} returned the state {returned}: no {kind} run can be left in it.");

    /// <summary>What becomes of a state that a flow returned and the gate refused.</summary>
    public static ProposedState Refused(ProposedState returned, StateResponseDetails answer)
    {
        string? reason = (answer as StateRejectDetails)?.Reason ?? (answer as StateAbortDetails)?.Reason;
        return ProposedStates.Failed($"The flow returned the state {returned}, which was refused: {reason}");
    }

    /// <summary>
    /// A state that does not end a run, made known again: by a transition id as long as the run is in it, and by its place in the
    /// history, for which a pause needs a key.
    /// </summary>
    public static StateDetails Marked(ProposedState returned, Guid id) => returned.StateDetails with
    {
        TransitionId = id,
        PauseKey = returned.IsPaused() ? returned.StateDetails.PauseKey ?? id.ToString() : returned.StateDetails.PauseKey,
    };
}
