using System.Text.Json;
using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Server.Flows;

/// <summary>A flow that this app executes.</summary>
/// <param name="Id">The stored flow's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Policy">The retries of its runs, unless a run is created with its own.</param>
public sealed record RegisteredFlow(Guid Id, string Name, FlowRunPolicy Policy)
{
    /// <summary>What keeps the flow from being called with parameters that match its schema: a JSON object; null for nothing.</summary>
    public Func<string, string?> Refuse { get; init; } = static _ => null;

    /// <summary>The name that the flow gives a run with parameters; null for flows whose runs get generated names.</summary>
    public Func<IReadOnlyDictionary<string, JsonElement>, string?>? NameRun { get; init; }

    /// <summary>The states of its runs that its hooks are called for; empty for a flow without hooks.</summary>
    public IReadOnlyCollection<StateType> HookedStates { get; init; } = [];
}
