using Serverless.Core.States;

namespace Serverless.Core.Transitions.Rules;

/// <summary>A background task run that is Scheduled waits in the queue of its task for a task worker.</summary>
internal sealed class EnqueueScheduledTasks() : TransitionRule<TaskRunTransition>(from: StateTypes.AnyOrNone, to: StateTypes.Scheduled)
{
    public override void After(TaskRunTransition transition)
    {
        if (transition.Details.Deferred is true)
        {
            transition.Queueing = transition.Name == StateNames.AwaitingRetry ? TaskQueueing.Retry : TaskQueueing.Enqueue;
        }
    }
}
