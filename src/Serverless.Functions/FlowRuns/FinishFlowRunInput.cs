using Serverless.Core.States;

namespace Serverless.Functions.FlowRuns;

/// <summary>Input of <see cref="FinishFlowRun"/>.</summary>
/// <param name="Start">The orchestration's own start, which makes the transition idempotent.</param>
/// <param name="Type">The type of the final state to propose.</param>
/// <param name="StateName">Its name when it is not the type's default, such as <c>TimedOut</c>.</param>
/// <param name="Message">What to say of it.</param>
/// <param name="ResultJson">The returned value, for a completed run.</param>
public sealed record FinishFlowRunInput(FlowRunStart Start, StateType Type, string? StateName, string? Message, string? ResultJson);
