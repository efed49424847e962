using System.Text.Json;

namespace Serverless.Core.States;

/// <summary>What a state says, whether a run is in it or somebody proposes it.</summary>
public interface IState
{
    /// <summary>The type, on which all decisions rest.</summary>
    StateType Type { get; }

    /// <summary>The name shown to people; null for the type's.</summary>
    string? Name { get; }

    /// <summary>What happened, for people.</summary>
    string? Message { get; }

    /// <summary>A result, or where to find it.</summary>
    JsonElement? Data { get; }

    /// <summary>What else is known.</summary>
    StateDetails StateDetails { get; }
}
