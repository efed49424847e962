namespace Serverless.Flows;

/// <summary>A declared schedule at equal distances.</summary>
public sealed record IntervalDefinition : ScheduleDefinition
{
    internal IntervalDefinition(TimeSpan interval) => Interval = interval;

    /// <summary>The distance.</summary>
    public TimeSpan Interval { get; }

    /// <summary>One of the times; null for midnight of 2020-01-01 in its zone.</summary>
    public DateTimeOffset? Anchor { get; internal init; }

    /// <inheritdoc/>
    internal override string Kind => "interval";
}
