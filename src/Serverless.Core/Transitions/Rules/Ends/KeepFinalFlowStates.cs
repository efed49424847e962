namespace Serverless.Core.Transitions.Rules;

/// <summary>
/// Not of Prefect: an orchestration never leaves a final state. One that comes late, after somebody cancelled the
/// run, must not start it again; a rerun is asked for through the API.
/// </summary>
internal sealed class KeepFinalFlowStates() : TransitionRule<FlowRunTransition>(from: StateTypes.Final, to: StateTypes.Any)
{
    public override void Before(FlowRunTransition transition) =>
        transition.Abort($"Run is already in terminal state {transition.Initial!.Type.Wire()}.");
}
