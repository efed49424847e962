using Serverless.Core.States;

namespace Serverless.Core.Tests.Transitions.Tables;

/// <summary>A state as the tables call it.</summary>
/// <param name="Label">The name in the table.</param>
/// <param name="State">The state; null for none.</param>
/// <param name="RunCount">Of a current state: how often the run has entered Running by then.</param>
internal sealed record NamedState(string Label, ProposedState? State, int RunCount = 0);
