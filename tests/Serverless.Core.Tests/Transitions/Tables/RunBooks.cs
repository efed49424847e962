using Serverless.Core.Models;

namespace Serverless.Core.Tests.Transitions.Tables;

/// <summary>What the rows of all runs keep count of.</summary>
internal sealed record RunBooks(
    int RunCount,
    DateTimeOffset? StartTime,
    DateTimeOffset? EndTime,
    double TotalRunTime,
    DateTimeOffset? ExpectedStartTime,
    DateTimeOffset? NextScheduledStartTime
)
{
    public static RunBooks Of(FlowRun run) =>
        new(run.RunCount, run.StartTime, run.EndTime, run.TotalRunTime, run.ExpectedStartTime, run.NextScheduledStartTime);

    public static RunBooks Of(TaskRun run) =>
        new(run.RunCount, run.StartTime, run.EndTime, run.TotalRunTime, run.ExpectedStartTime, run.NextScheduledStartTime);
}
