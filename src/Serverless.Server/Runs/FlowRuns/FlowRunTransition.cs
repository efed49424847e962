using Serverless.Core.States;

namespace Serverless.Server.Runs;

/// <summary>What became of a proposal that rested on a snapshot.</summary>
/// <param name="Result">The gate's answer; <see cref="RunGate.Moved"/> when the run is no longer as in the snapshot.</param>
/// <param name="After">The run as it was written; null when nothing was, and it has to be read again.</param>
public sealed record FlowRunTransition(OrchestrationResult Result, FlowRunSnapshot? After);
