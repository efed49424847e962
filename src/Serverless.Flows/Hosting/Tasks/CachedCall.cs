namespace Serverless.Flows.Hosting;

/// <summary>What the cache key of a call can be made of.</summary>
/// <param name="FlowRunId">The flow run that calls.</param>
/// <param name="ArgumentsJson">The arguments: a JSON object.</param>
/// <param name="FlowParametersJson">
/// The flow run's parameters: a JSON object; null if <see cref="TaskCaching.NeedsFlowParameters"/> says that nobody asks for them.
/// </param>
/// <param name="CallKey">The key that the options of the call gave; null for none.</param>
public readonly record struct CachedCall(Guid FlowRunId, string ArgumentsJson, string? FlowParametersJson, string? CallKey);
