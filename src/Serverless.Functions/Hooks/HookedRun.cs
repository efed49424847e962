using Serverless.Core.States;
using Serverless.Flows;

namespace Serverless.Functions.Hooks;

/// <summary>A run, and the state of it for which hooks are called.</summary>
/// <param name="Definition">Its flow or task.</param>
/// <param name="Run">The flow run.</param>
/// <param name="TaskRun">The task run; null if the state is the flow run's.</param>
/// <param name="State">The state.</param>
/// <param name="ResultJson">The run's result, if it is still in the state.</param>
/// <param name="Attempt">The attempt of the flow run in which it ran last.</param>
internal sealed record HookedRun(
    RunnableDefinition Definition,
    FlowRunInfo Run,
    TaskRunInfo? TaskRun,
    State State,
    string? ResultJson,
    int Attempt
);
