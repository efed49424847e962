using System.ComponentModel.DataAnnotations;

namespace Serverless.Core.Models;

/// <summary>What became of one run of <c>POST /deployments/{id}/create_flow_run/bulk</c>.</summary>
/// <param name="FlowRunId">The run; null when it was not created.</param>
/// <param name="Status"><c>CREATED</c> or <c>FAILED</c>.</param>
/// <param name="Error">Why it was not created; null when it was.</param>
public sealed record FlowRunCreateResult(Guid? FlowRunId, [property: AllowedValues("CREATED", "FAILED")] string Status, string? Error);
