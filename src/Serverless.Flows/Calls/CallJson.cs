namespace Serverless.Flows.Calls;

/// <summary>The arguments of a call.</summary>
/// <param name="Json">The arguments by parameter name: a JSON object.</param>
/// <param name="Stored">The names of those that say where their values lie; null for none.</param>
internal sealed record CallJson(string Json, IReadOnlyList<string>? Stored);
