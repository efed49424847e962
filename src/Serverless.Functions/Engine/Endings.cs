using Serverless.Core.States;
using Serverless.Core.Text;
using Serverless.Flows.Hosting;
using Serverless.Server.Runs;

namespace Serverless.Functions.Engine;

/// <summary>In which of the states that authors return a run may be left. In the others nobody would ever move it on.</summary>
internal static class Endings
{
    /// <summary>A flow may end, or ask to be run again: when it is due, or when somebody resumes it.</summary>
    public static ProposedState OfFlow(ProposedState returned) => returned.IsPaused() ? Cut(returned) : OfTask(returned, "flow");

    /// <summary>A task may end, or ask to be run again when it is due.</summary>
    public static ProposedState OfTask(ProposedState returned, string kind = "task") =>
        returned.IsFinal() || returned.IsScheduled()
            ? Cut(returned)
            : Cut(ProposedStates.Failed($"The {kind} returned the state {Cut(returned)}: a {kind} run cannot end in it."));

    /// <summary>The details of a failure: what was thrown, and whether the conditions for a retry exclude it.</summary>
    public static StateDetails OfError(Exception error, bool mayRetry) =>
        new StateDetails { Retriable = mayRetry ? null : false }.WithError(error);

    /// <summary>The state with a name and a message that the run's rows and the orchestration's history can hold.</summary>
    private static ProposedState Cut(ProposedState state) =>
        state with
        {
            Name = state.Name is { } name ? ExceptionText.Cut(name, ExceptionText.MaxMessageLength) : null,
            Message = state.Message is { } message ? ExceptionText.Cut(message, ExceptionText.MaxMessageLength) : null,
        };

    /// <summary>What becomes of a state that a flow returned and the gate refused.</summary>
    public static ProposedState Refused(ProposedState returned, GateAnswer answer)
    {
        var reason = answer.Reason;
        return Cut(ProposedStates.Failed($"The flow returned the state {returned}, which was refused: {reason}"));
    }

    /// <summary>
    /// A state that does not end a run, made known again: by a transition id as long as the run is in it, and by its place in the
    /// history, for which a pause needs a key.
    /// </summary>
    public static StateDetails Marked(ProposedState returned, Guid id) =>
        returned.StateDetails with
        {
            TransitionId = id,
            PauseKey = returned.IsPaused() ? returned.StateDetails.PauseKey ?? id.ToString() : returned.StateDetails.PauseKey,
        };
}
