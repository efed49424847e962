using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Core.Transitions;

/// <summary>
/// The task run that stands for a subflow in its parent follows the subflow's states. Not a transform: the task run is
/// another row. The code that stores a subflow's state proposes this one for the parent's task run under <see cref="MinimalTaskPolicy"/>.
/// </summary>
public static class UpdateSubflowParentTask
{
    /// <summary>
    /// The state to propose for the parent's task run after <paramref name="subflow"/> entered its current state.
    /// </summary>
    /// <returns>
    /// Null when the run is no subflow or has no state. The state's transition id is the id of the subflow's state, so that the task
    /// run tells which one it follows.
    /// </returns>
    public static ProposedState? StateFor(FlowRun subflow)
    {
        ArgumentNullException.ThrowIfNull(subflow);
        return subflow is { ParentTaskRunId: not null, State: { } state }
            ? new ProposedState
            {
                Type = state.Type,
                Name = state.Name,
                Message = state.Message,
                Data = state.Data,
                StateDetails = state.StateDetails with { ChildFlowRunId = subflow.Id, TransitionId = state.Id },
            }
            : null;
    }
}
