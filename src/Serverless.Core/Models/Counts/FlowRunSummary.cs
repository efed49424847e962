using Serverless.Core.States;

namespace Serverless.Core.Models;

/// <summary>A flow run in few words, for charts (Prefect's SimpleFlowRun).</summary>
/// <param name="Id">The run.</param>
/// <param name="StateType">The type of its state.</param>
/// <param name="Timestamp">When it started, or is expected to (UTC).</param>
/// <param name="Duration">The seconds that it has run so far.</param>
/// <param name="Lateness">The seconds that it started late, or is late by now.</param>
public sealed record FlowRunSummary(Guid Id, StateType? StateType, DateTimeOffset? Timestamp, double Duration, double Lateness)
{
    /// <summary>That of a run with its estimates.</summary>
    public static FlowRunSummary Of(FlowRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new(run.Id, run.StateType, run.StartTime ?? run.ExpectedStartTime, run.EstimatedRunTime, run.EstimatedStartTimeDelta);
    }
}
