using Serverless.Flows.Hosting;

namespace Serverless.Functions.FlowRuns;

/// <summary>Answer of <see cref="BeginSubflow"/>, and input of <see cref="EndSubflow"/>.</summary>
/// <param name="ParentFlowRunId">The calling run.</param>
/// <param name="TaskRunId">The task run that mirrors the subflow run in its parent.</param>
/// <param name="Start">The subflow run's start; null when the subflow cannot start.</param>
/// <param name="Outcome">How the subflow ended, once it has.</param>
/// <param name="TaskRunStateId">The state of the task run that this call of the subflow began.</param>
public sealed record SubflowRun(
    Guid ParentFlowRunId,
    Guid TaskRunId,
    FlowRunStart? Start,
    CallOutcome? Outcome = null,
    Guid? TaskRunStateId = null
)
{
    /// <summary>True when the subflow could not start because the parent is paused.</summary>
    internal bool IsPaused => Start is null && Outcome is null;
}
