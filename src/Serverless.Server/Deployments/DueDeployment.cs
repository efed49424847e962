namespace Serverless.Server.Deployments;

/// <summary>An entry of the list of due deployments.</summary>
/// <param name="FlowName">The name of the flow.</param>
/// <param name="Name">The name of the deployment.</param>
/// <param name="RowKey">The key of the entry's row.</param>
internal sealed record DueDeployment(string FlowName, string Name, string RowKey);
