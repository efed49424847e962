using System.Text.Json;
using Serverless.Core.States;

namespace Serverless.Flows.Hosting;

/// <summary>Shows stored states to authors.</summary>
public static class RunStates
{
    /// <summary>A stored state with its result.</summary>
    /// <param name="state">The state.</param>
    /// <param name="resultJson">The result of the run as JSON; null for none.</param>
    /// <returns>The state as authors see it.</returns>
    public static RunState ToRunState(this State state, string? resultJson)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new RunState(resultJson is null ? state : state with { Data = JsonElement.Parse(resultJson) });
    }
}
