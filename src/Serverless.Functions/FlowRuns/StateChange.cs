using Serverless.Core.States;

namespace Serverless.Functions.FlowRuns;

/// <summary>Payload of <see cref="FlowRunOrchestrator.StateChanged"/>.</summary>
/// <param name="Type">The type of the state that the run has now.</param>
/// <param name="TaskRunId">
/// The task run of this orchestration for which there is a slot now, or whose run has ended; null for news of the run itself.
/// </param>
public sealed record StateChange(StateType Type, Guid? TaskRunId = null)
{
    /// <summary>True when nothing of the run may start any more.</summary>
    internal bool Stops => Type == StateType.Cancelling || Type.IsFinal();
}
