using Serverless.Core.States;

namespace Serverless.Flows.Hosting;

/// <summary>What the code of a flow or task came to.</summary>
/// <param name="State">The state that it asks for: Completed, unless it returned a state or states itself.</param>
/// <param name="ResultJson">The value as JSON; null if there is none.</param>
public sealed record Returned(ProposedState State, string? ResultJson)
{
    /// <summary>Where the value lies, if it is in a result storage; null otherwise.</summary>
    public StoredResult? Stored { get; init; }
}
