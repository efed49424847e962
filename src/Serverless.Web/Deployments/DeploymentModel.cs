using Serverless.Core.Models;
using Serverless.Web.Runs;

namespace Serverless.Web.Deployments;

/// <summary>What the page of a deployment shows.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="FlowName">The name of its flow; null when that is gone.</param>
/// <param name="Schedules">Its schedules.</param>
/// <param name="Last">Its last runs that are not planned ones.</param>
/// <param name="Next">Its next runs.</param>
public sealed record DeploymentModel(
    Deployment Deployment,
    string? FlowName,
    IReadOnlyList<ScheduleRow> Schedules,
    IReadOnlyList<RunRow> Last,
    IReadOnlyList<RunRow> Next
);
