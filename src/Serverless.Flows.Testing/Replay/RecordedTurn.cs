using Serverless.LocalRuntime.History;

namespace Serverless.Flows.Testing.Replay;

/// <summary>What an orchestration did between two waits.</summary>
/// <param name="Turn">What came in, and which steps the orchestration took.</param>
/// <param name="Calls">The same steps by name: the steps of the engine do not tell which task or flow they are for.</param>
internal sealed record RecordedTurn(Turn Turn, IReadOnlyList<string> Calls);
