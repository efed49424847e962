using Serverless.Core.States;

namespace Serverless.Server.Runs;

/// <summary>How a run ended so far, with its result.</summary>
/// <param name="State">The run's state; null before the first one.</param>
/// <param name="Json">The result as JSON: <c>null</c>, too, is one, that of a completed run without a value. Null for none.</param>
public sealed record RunResult(State? State, string? Json);
