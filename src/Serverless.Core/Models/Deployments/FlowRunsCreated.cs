namespace Serverless.Core.Models;

/// <summary>Answer of <c>POST /deployments/{id}/create_flow_run/bulk</c>.</summary>
/// <param name="Results">What became of each run, in the order of the request.</param>
public sealed record FlowRunsCreated(IReadOnlyList<FlowRunCreateResult> Results);
