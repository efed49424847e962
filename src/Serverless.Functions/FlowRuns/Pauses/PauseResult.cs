namespace Serverless.Functions.FlowRuns;

/// <summary>Answer of <see cref="PauseFlowRun"/> and <see cref="ResumeFlowRun"/>.</summary>
/// <param name="Kind">How the pause stands.</param>
/// <param name="InputJson">Of <see cref="PauseFlowRun"/>: the run input that came with the resume; null for none.</param>
/// <param name="Reason">Why, for <see cref="PauseKind.Refused"/> and <see cref="PauseKind.Ended"/>.</param>
/// <param name="Until">For <see cref="PauseKind.Paused"/>: when to look again at the latest (UTC); null for an open end.</param>
public sealed record PauseResult(PauseKind Kind, string? InputJson = null, string? Reason = null, DateTimeOffset? Until = null);
