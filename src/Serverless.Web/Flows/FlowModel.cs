using Serverless.Core.Models;
using Serverless.Web.Charts;
using Serverless.Web.Dashboard;
using Serverless.Web.Runs;

namespace Serverless.Web.Flows;

/// <summary>What the page of a flow shows.</summary>
/// <param name="Flow">The flow.</param>
/// <param name="Deployments">Its deployments.</param>
/// <param name="Runs">Its last runs.</param>
/// <param name="Figures">How its newest runs of the last seven days went.</param>
/// <param name="IsAll">Whether those are all of these days.</param>
/// <param name="Points">The newest runs of these days, for a chart.</param>
public sealed record FlowModel(
    Flow Flow,
    IReadOnlyList<Deployment> Deployments,
    IReadOnlyList<RunRow> Runs,
    FlowFigures Figures,
    bool IsAll,
    IReadOnlyList<ScatterPoint> Points
);
