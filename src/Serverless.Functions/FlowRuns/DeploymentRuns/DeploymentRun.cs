using Serverless.Flows.Hosting;

namespace Serverless.Functions.FlowRuns;

/// <summary>Answer of <see cref="BeginDeploymentRun"/>, and input of <see cref="LookAtDeploymentRun"/>.</summary>
/// <param name="ParentFlowRunId">The calling run.</param>
/// <param name="TaskRunId">The task run that stands for the run in its caller; null for a run that nobody waits for.</param>
/// <param name="FlowRunId">The run; null when it could not be created.</param>
/// <param name="Outcome">How the call ended, when it has ended already.</param>
/// <param name="TaskRunStateId">The state of the task run that this call began.</param>
public sealed record DeploymentRun(
    Guid ParentFlowRunId,
    Guid? TaskRunId,
    Guid? FlowRunId = null,
    CallOutcome? Outcome = null,
    Guid? TaskRunStateId = null
)
{
    /// <summary>After which time the caller has stopped to wait; null as long as it waits.</summary>
    public TimeSpan? Waited { get; init; }

    /// <summary>True when the caller is stopped: the run is to be cancelled.</summary>
    public bool IsStopped { get; init; }

    /// <summary>True when the run could not be created because the caller is paused.</summary>
    internal bool IsPaused => FlowRunId is null && Outcome is null;
}
