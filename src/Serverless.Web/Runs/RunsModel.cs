using Serverless.Core.Models;
using Serverless.Web.Charts;
using Serverless.Web.Shared;

namespace Serverless.Web.Runs;

/// <summary>What the list of runs shows.</summary>
/// <param name="Filter">Which runs.</param>
/// <param name="Rows">The runs.</param>
/// <param name="Flows">The flows to choose from.</param>
/// <param name="Deployment">The deployment that is asked for.</param>
/// <param name="Pager">Which of them are shown.</param>
/// <param name="Points">The runs of the chart; null when none is asked for.</param>
/// <param name="Searches">The saved searches.</param>
/// <param name="Looked">How many runs were looked at for a part of their parameters; null when none is asked for.</param>
public sealed record RunsModel(
    RunFilterModel Filter,
    IReadOnlyList<RunRow> Rows,
    IReadOnlyList<Flow> Flows,
    Deployment? Deployment,
    PagerModel Pager,
    IReadOnlyList<ScatterPoint>? Points,
    IReadOnlyList<RunSearch> Searches,
    int? Looked
);
