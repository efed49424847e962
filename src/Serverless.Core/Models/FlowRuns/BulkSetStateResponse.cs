namespace Serverless.Core.Models;

/// <summary>Answer of <c>POST /flow_runs/bulk_set_state</c> (Prefect's FlowRunBulkSetStateResponse).</summary>
/// <param name="Results">What became of each run, in the order in which they were judged.</param>
public sealed record BulkSetStateResponse(IReadOnlyList<FlowRunOrchestrationResult> Results);
