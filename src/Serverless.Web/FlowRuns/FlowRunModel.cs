using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Web.Limits;

namespace Serverless.Web.FlowRuns;

/// <summary>What the page of a flow run shows.</summary>
/// <param name="Run">The run.</param>
/// <param name="Flow">Its flow; null when that is gone.</param>
/// <param name="Deployment">Its deployment; null for none.</param>
/// <param name="ParentRunId">The run that called it; null for none.</param>
/// <param name="Counts">How many task runs are in which state.</param>
/// <param name="Failures">The first task runs that failed.</param>
/// <param name="Pause">What a pause asks for; null when it asks for nothing.</param>
/// <param name="Waits">The limits whose slots it waits for.</param>
/// <param name="Timeline">Its timeline.</param>
/// <param name="Tabs">Its tabs, one of them open.</param>
public sealed record FlowRunModel(
    FlowRun Run,
    Flow? Flow,
    Deployment? Deployment,
    Guid? ParentRunId,
    IReadOnlyDictionary<StateType, int> Counts,
    IReadOnlyList<TaskRun> Failures,
    PauseModel? Pause,
    IReadOnlyList<SlotWait> Waits,
    TimelineModel Timeline,
    FlowRunTabsModel Tabs
)
{
    /// <summary>How many task runs there are.</summary>
    public int Total => Counts.Values.Sum();
}
