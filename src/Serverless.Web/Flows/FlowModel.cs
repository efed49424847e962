using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Web.Runs;

namespace Serverless.Web.Flows;

/// <summary>What the page of a flow shows.</summary>
/// <param name="Flow">The flow.</param>
/// <param name="Deployments">Its deployments.</param>
/// <param name="Runs">Its last runs.</param>
/// <param name="Ended">How its runs of the last seven days ended.</param>
public sealed record FlowModel(
    Flow Flow,
    IReadOnlyList<Deployment> Deployments,
    IReadOnlyList<RunRow> Runs,
    IReadOnlyDictionary<StateType, int> Ended
);
