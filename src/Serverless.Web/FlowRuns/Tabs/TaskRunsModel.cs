using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Web.Shared;

namespace Serverless.Web.FlowRuns;

/// <summary>Task runs of a flow run, those that failed first.</summary>
/// <param name="Rows">The task runs.</param>
/// <param name="Counts">How many there are in which state.</param>
/// <param name="Only">The only state that is shown; null for all.</param>
/// <param name="Address">The address of the tab, without its filters.</param>
/// <param name="Pager">Which of them are shown.</param>
public sealed record TaskRunsModel(
    IReadOnlyList<TaskRun> Rows,
    IReadOnlyDictionary<StateType, int> Counts,
    StateType? Only,
    string Address,
    PagerModel Pager
);
