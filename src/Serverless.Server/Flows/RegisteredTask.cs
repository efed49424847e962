using Serverless.Core.States;

namespace Serverless.Server.Flows;

/// <summary>A task of this app that has hooks.</summary>
/// <param name="Key">Its key.</param>
/// <param name="HookedStates">The states that its hooks are called for.</param>
public sealed record RegisteredTask(string Key, IReadOnlyCollection<StateType> HookedStates);
