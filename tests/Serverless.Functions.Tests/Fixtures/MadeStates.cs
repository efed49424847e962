using System.Text.Json;
using Serverless.Core.Json;
using Serverless.Core.States;
using Serverless.Flows;

namespace Serverless.Functions.Tests.Fixtures;

/// <summary>States that authors can return, though they have no method that makes them.</summary>
internal static class MadeStates
{
    /// <summary>The state as an author reads it from JSON.</summary>
    public static RunState ToRunState(this ProposedState state) =>
        JsonSerializer.SerializeToElement(state, WireJson.TypeInfo<ProposedState>()).Deserialize<RunState>(FlowJson.Options)!;
}
