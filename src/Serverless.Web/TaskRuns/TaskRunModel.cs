using Serverless.Core.Models;
using Serverless.Web.FlowRuns;
using Serverless.Web.Limits;

namespace Serverless.Web.TaskRuns;

/// <summary>What the page of a task run shows.</summary>
/// <param name="Run">The task run.</param>
/// <param name="FlowRun">Its flow run; null when it belongs to none.</param>
/// <param name="Flow">The flow of that.</param>
/// <param name="Inputs">The task runs whose results it took; those that are gone are left out.</param>
/// <param name="Waits">The limits whose slots it waits for.</param>
/// <param name="Timeline">Its attempts.</param>
/// <param name="Tabs">Its tabs, one of them open.</param>
public sealed record TaskRunModel(
    TaskRun Run,
    FlowRun? FlowRun,
    Flow? Flow,
    IReadOnlyList<TaskRun> Inputs,
    IReadOnlyList<SlotWait> Waits,
    TimelineModel Timeline,
    FlowRunTabsModel Tabs
);
