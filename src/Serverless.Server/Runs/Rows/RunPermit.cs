namespace Serverless.Server.Runs;

/// <summary>What one look tells of the attempts that run under a flow run.</summary>
/// <param name="RunCount">How often the flow run has started: attempts of an earlier start are over. Null when it is not Running.</param>
/// <param name="EndedAttempts">By task run: the state of the attempt that a client ended last.</param>
public sealed record RunPermit(int? RunCount, IReadOnlyDictionary<Guid, Guid> EndedAttempts);
