using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Core.Transitions;

/// <summary>What an event about a flow run's new state tells.</summary>
/// <param name="Run">The run as it is stored with the new state.</param>
/// <param name="Initial">The state that it left; null for none.</param>
/// <param name="Validated">The state that it entered.</param>
public sealed record FlowRunStateChange(FlowRun Run, State? Initial, State Validated);
