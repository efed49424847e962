namespace Serverless.Flows;

/// <summary>A declared schedule by recurrence rules of RFC 5545.</summary>
public sealed record RRuleDefinition : ScheduleDefinition
{
    internal RRuleDefinition(string rrule) => RRule = rrule;

    /// <summary>The rules.</summary>
    public string RRule { get; }

    /// <inheritdoc/>
    internal override string Kind => "rrule";
}
