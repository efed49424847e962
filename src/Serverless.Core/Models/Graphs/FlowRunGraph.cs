namespace Serverless.Core.Models;

/// <summary>What a flow run consists of (Prefect's Graph): its task runs and subflow runs, and how they depend on each other.</summary>
/// <param name="StartTime">When the flow run started, or is expected to (UTC).</param>
/// <param name="EndTime">When it ended (UTC).</param>
/// <param name="RootNodeIds">The nodes that depend on no other.</param>
/// <param name="Nodes">The task runs and subflow runs, in the order in which they started.</param>
/// <param name="Artifacts">The artifacts of the flow run itself.</param>
/// <param name="States">The states of the flow run, oldest first.</param>
public sealed record FlowRunGraph(
    DateTimeOffset? StartTime,
    DateTimeOffset? EndTime,
    IReadOnlyList<Guid> RootNodeIds,
    IReadOnlyList<GraphEntry> Nodes,
    IReadOnlyList<GraphArtifact> Artifacts,
    IReadOnlyList<GraphState> States
);
