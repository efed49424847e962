using Serverless.Core.States;

namespace Serverless.Core.Models;

/// <summary>A state of the flow run of a graph.</summary>
/// <param name="Id">The state's id.</param>
/// <param name="Timestamp">When the run entered it (UTC).</param>
/// <param name="Type">Its type.</param>
/// <param name="Name">Its name.</param>
public sealed record GraphState(Guid Id, DateTimeOffset Timestamp, StateType Type, string Name);
