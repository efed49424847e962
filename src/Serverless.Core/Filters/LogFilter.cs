using Serverless.Core.Models;

namespace Serverless.Core.Filters;

/// <summary>Which log lines are wanted.</summary>
public sealed record LogFilter
{
    /// <summary>How the criteria below combine.</summary>
    public Operator Operator { get; init; }

    /// <summary>The level.</summary>
    public LevelFilter? Level { get; init; }

    /// <summary>When it was logged.</summary>
    public TimeFilter? Timestamp { get; init; }

    /// <summary>The flow run that logged it.</summary>
    public IdFilter? FlowRunId { get; init; }

    /// <summary>The task run that logged it.</summary>
    public IdFilter? TaskRunId { get; init; }

    /// <summary>What it says.</summary>
    public LogTextFilter? Text { get; init; }

    /// <summary>True when <paramref name="log"/> is wanted.</summary>
    public bool Matches(Log log)
    {
        ArgumentNullException.ThrowIfNull(log);
        return Criteria
            .Of(Operator)
            .With(Level?.Matches(log.Level))
            .With(Timestamp?.Matches(log.Timestamp))
            .With(FlowRunId?.Matches(log.FlowRunId))
            .With(TaskRunId?.Matches(log.TaskRunId))
            .With(Text?.Matches(log))
            .Match;
    }
}
