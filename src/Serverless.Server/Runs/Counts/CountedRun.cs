using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Server.Runs;

/// <summary>What of a flow run or task run is counted.</summary>
/// <param name="ExpectedStart">When it was first expected to start; null for a run that is in no history.</param>
/// <param name="StateType">The type of its state; null for a run without one, which is not counted.</param>
/// <param name="StateName">The name of its state.</param>
/// <param name="RunTime">The seconds that it has run so far.</param>
/// <param name="Lateness">The seconds that it started late, or is late by now.</param>
internal readonly record struct CountedRun(
    DateTimeOffset? ExpectedStart,
    StateType? StateType,
    string? StateName,
    double RunTime,
    double Lateness
)
{
    public static CountedRun Of(FlowRun run, DateTimeOffset now)
    {
        var shown = run.WithEstimates(now);
        return new(run.ExpectedStartTime, run.StateType, run.StateName, shown.EstimatedRunTime, shown.EstimatedStartTimeDelta);
    }

    public static CountedRun Of(TaskRun run, DateTimeOffset now)
    {
        var shown = run.WithEstimates(now);
        return new(run.ExpectedStartTime, run.StateType, run.StateName, shown.EstimatedRunTime, shown.EstimatedStartTimeDelta);
    }
}
