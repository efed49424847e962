namespace Serverless.Server.Runs;

/// <summary>The history of the orchestration of a flow run, or why there is none.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Text">The history as JSON, or the reason in words.</param>
public sealed record FlowRunHistory(FlowRunHistoryKind Kind, string Text);
