using Serverless.Core.Models;

namespace Serverless.Web.Runs;

/// <summary>A flow run in a list.</summary>
/// <param name="Run">The run.</param>
/// <param name="FlowName">The name of its flow; null when that is gone.</param>
/// <param name="DeploymentName">The name of its deployment; null for none.</param>
public sealed record RunRow(FlowRun Run, string? FlowName, string? DeploymentName);
