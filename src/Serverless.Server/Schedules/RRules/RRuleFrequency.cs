namespace Serverless.Server.Schedules;

/// <summary>The FREQ of a rule, from the longest period on.</summary>
internal enum RRuleFrequency
{
    Yearly,
    Monthly,
    Weekly,
    Daily,
    Hourly,
    Minutely,
    Secondly,
}
