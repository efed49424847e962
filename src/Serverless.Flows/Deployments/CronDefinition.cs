namespace Serverless.Flows;

/// <summary>A declared schedule by a cron expression.</summary>
public sealed record CronDefinition : ScheduleDefinition
{
    internal CronDefinition(string cron) => Cron = cron;

    /// <summary>The expression.</summary>
    public string Cron { get; }

    /// <summary>Whether a day of the month or one of the week is enough, if the expression says both.</summary>
    public bool DayOr { get; internal init; } = true;

    /// <inheritdoc/>
    internal override string Kind => "cron";
}
