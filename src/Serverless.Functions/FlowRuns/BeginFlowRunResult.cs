using Serverless.Flows;
using Serverless.Flows.Hosting;

namespace Serverless.Functions.FlowRuns;

/// <summary>Answer of <see cref="BeginFlowRun"/>.</summary>
/// <param name="Kind">What the orchestrator does next.</param>
/// <param name="Until">For <see cref="BeginKind.Wait"/>: when to ask again at the latest; null waits for a state change.</param>
/// <param name="Run">For <see cref="BeginKind.Run"/>: the run to execute.</param>
/// <param name="Outcome">For <see cref="BeginKind.Stop"/>: how the run stands.</param>
/// <param name="Timeout">For <see cref="BeginKind.Run"/>: how long the flow's code may take, as its code says when the attempt begins; null
/// for any time. A replay must not come to another timer.</param>
public sealed record BeginFlowRunResult(
    BeginKind Kind,
    DateTimeOffset? Until = null,
    FlowRunInfo? Run = null,
    CallOutcome? Outcome = null,
    TimeSpan? Timeout = null
)
{
    /// <summary>For <see cref="BeginKind.Run"/>: what the callers of a subflow say about values, as their code says then; null for none.
    /// </summary>
    public FlowResults? CallersResults { get; init; }
}
