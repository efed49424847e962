using Serverless.Core.Ids;
using Serverless.Core.Models;

namespace Serverless.Core.Transitions;

/// <summary>What the gate needs to know besides a task run.</summary>
/// <param name="Now">The time of the decision.</param>
/// <param name="Ids">Gives ids to states.</param>
/// <param name="Random">Spreads retries; used by the calling thread only.</param>
/// <param name="FlowRun">The flow run that called the task, as stored; null only for a task run outside any flow.</param>
public readonly record struct TaskTransitionFacts(DateTimeOffset Now, IIdGenerator Ids, Random Random, FlowRun? FlowRun);
