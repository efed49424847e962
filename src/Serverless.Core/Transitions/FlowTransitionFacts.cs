using Serverless.Core.Ids;

namespace Serverless.Core.Transitions;

/// <summary>What the gate needs to know besides a flow run.</summary>
/// <param name="Now">The time of the decision.</param>
/// <param name="Ids">Gives ids to states.</param>
public readonly record struct FlowTransitionFacts(DateTimeOffset Now, IIdGenerator Ids);
