using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Core.Transitions;

/// <summary>What an event about a flow run's new state tells.</summary>
/// <param name="Run">The run as it is stored with the new state.</param>
/// <param name="Initial">The state that it left; null for none. Its message is cut at <see cref="MaxMessageLength"/>.</param>
/// <param name="Validated">The state that it entered. Its message is cut at <see cref="MaxMessageLength"/>.</param>
public sealed record FlowRunStateChange(FlowRun Run, State? Initial, State Validated)
{
    /// <summary>How many characters of a state's message an event carries (Prefect's number).</summary>
    public const int MaxMessageLength = 100_000;

    internal static State Cut(State state) =>
        state.Message is { Length: > MaxMessageLength } message ? state with { Message = message[..MaxMessageLength] } : state;
}
