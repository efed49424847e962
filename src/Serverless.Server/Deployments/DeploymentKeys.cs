using Serverless.Storage;

namespace Serverless.Server.Deployments;

/// <summary>The key layout of deployments: one row by flow and deployment name, and a derived one by id.</summary>
internal static class DeploymentKeys
{
    public const string Deployments = "deployments";
    public const string DeploymentIds = "deploymentids";
    public const string FlowNameProperty = "flow";
    public const string NameProperty = "name";

    public static RowAddress ByName(string flowName, string name) => new(Deployments, BoundedKey.From(flowName), BoundedKey.From(name));

    public static RowAddress ById(Guid id) => new(DeploymentIds, id.ToString("N"), "deployment");
}
