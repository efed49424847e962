using Serverless.Core.States;

namespace Serverless.Core.Models;

/// <summary>The figures of a run that depend on the time they are read at; Prefect's formulas.</summary>
internal static class RunEstimates
{
    /// <summary>Seconds spent running, the current Running state included.</summary>
    public static double RunTime(double totalRunTime, State? state, DateTimeOffset now) =>
        state is { Type: StateType.Running } ? totalRunTime + (now - state.Timestamp).TotalSeconds : totalRunTime;

    /// <summary>Seconds the run started late, or is late by now; 0 when it is not, or ended without starting.</summary>
    public static double StartTimeDelta(DateTimeOffset? start, DateTimeOffset? expected, StateType? type, DateTimeOffset now)
    {
        if (start is not null)
        {
            return start > expected ? (start.Value - expected.Value).TotalSeconds : 0;
        }

        var over = type is { } known && known.IsFinal();
        return !over && expected < now ? (now - expected.Value).TotalSeconds : 0;
    }
}
