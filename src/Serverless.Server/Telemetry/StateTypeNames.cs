using System.Collections.Frozen;
using Serverless.Core.States;

namespace Serverless.Server.Telemetry;

/// <summary>The types of states as the API writes them.</summary>
internal static class StateTypeNames
{
    private static readonly FrozenDictionary<StateType, string> Names = Enum.GetValues<StateType>()
        .ToFrozenDictionary(type => type, type => type.ToString().ToUpperInvariant());

    public static string Of(StateType type) => Names[type];
}
