using Serverless.Core.States;

namespace Serverless.Server.Flows;

/// <summary>A task of this app that has hooks, or that makes or depends on assets.</summary>
/// <param name="Key">Its key.</param>
/// <param name="HookedStates">The states that its hooks are called for.</param>
public sealed record RegisteredTask(string Key, IReadOnlyCollection<StateType> HookedStates)
{
    /// <summary>The keys of the assets that it makes, as far as they are the same in each run.</summary>
    public IReadOnlyList<string> Assets { get; init; } = [];

    /// <summary>The keys of the assets that it declares to depend on.</summary>
    public IReadOnlyList<string> AssetDependencies { get; init; } = [];
}
