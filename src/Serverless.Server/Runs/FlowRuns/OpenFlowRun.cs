using Serverless.Core.Models;

namespace Serverless.Server.Runs;

/// <summary>A run of this app that has not ended.</summary>
/// <param name="Run">The run.</param>
/// <param name="Generation">Which orchestration drives it.</param>
/// <param name="ParentFlowRunId">For a subflow: the flow run that calls it.</param>
public sealed record OpenFlowRun(FlowRun Run, int Generation, Guid? ParentFlowRunId);
