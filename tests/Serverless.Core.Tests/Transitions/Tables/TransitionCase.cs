using Serverless.Core.States;

namespace Serverless.Core.Tests.Transitions.Tables;

/// <summary>A run in a state, and a state that is proposed for it.</summary>
/// <typeparam name="TRun">The kind of run.</typeparam>
/// <typeparam name="TFacts">The facts that the gate judges it by.</typeparam>
/// <param name="From">What the table calls the current state.</param>
/// <param name="To">What the table calls the proposed one.</param>
internal sealed record TransitionCase<TRun, TFacts>(string From, string To, TRun Run, ProposedState Proposed, TFacts Facts);
