using Serverless.Core.States;

namespace Serverless.Core.Transitions.Rules;

/// <summary>
/// One worker submits a run: the second one finds it Pending or further. Only a named stage of submitting
/// (Submitting, InfrastructurePending) may follow Pending.
/// </summary>
internal sealed class PreventPendingTransitions()
    : TransitionRule<Transition>(
        from: StateTypes.Pending | StateTypes.Cancelling | StateTypes.Running | StateTypes.Cancelled,
        to: StateTypes.Pending
    )
{
    public override void Before(Transition transition)
    {
        var initial = transition.Initial!;
        var nextStage = initial.Type == StateType.Pending && initial.Name != transition.Name && transition.Name != StateNames.Pending;
        if (nextStage)
        {
            transition.Details = transition.Details with
            {
                ScheduledTime = initial.StateDetails.ScheduledTime,
                DeploymentConcurrencyLeaseId = initial.StateDetails.DeploymentConcurrencyLeaseId,
            };
            return;
        }

        transition.Abort($"This run is in a {initial.Type.Wire()} state and cannot transition to a PENDING state.");
    }
}
