using Serverless.Core.Transitions;

namespace Serverless.Server.Runs;

/// <summary>A completed state that was found under a cache key.</summary>
/// <param name="Entry">The state, as the rules want it.</param>
/// <param name="ResultJson">The result in the app's own store; null for one that the state itself holds.</param>
internal sealed record CachedTaskRun(CachedTaskState Entry, string? ResultJson);
