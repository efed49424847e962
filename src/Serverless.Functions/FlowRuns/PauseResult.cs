namespace Serverless.Functions.FlowRuns;

/// <summary>Answer of <see cref="PauseFlowRun"/> and <see cref="ResumeFlowRun"/>.</summary>
/// <param name="Kind">How the pause stands.</param>
/// <param name="InputJson">The run input that came with the resume; null for none.</param>
/// <param name="Reason">Why the gate refused, for <see cref="PauseKind.Refused"/>.</param>
/// <param name="Until">When the pause ends, for <see cref="PauseKind.Paused"/> (UTC); null for an open end.</param>
public sealed record PauseResult(PauseKind Kind, string? InputJson = null, string? Reason = null, DateTimeOffset? Until = null);
