using Serverless.Core.States;

namespace Serverless.Server.Runs;

/// <summary>What the rules made of a proposal.</summary>
/// <param name="Run">The run as it is to be stored.</param>
/// <param name="Written">The states to write, in order; empty when nothing changes.</param>
/// <param name="Result">The answer to the last state that was judged.</param>
internal sealed record Judgement<TRun>(TRun Run, IReadOnlyList<State> Written, OrchestrationResult Result);
