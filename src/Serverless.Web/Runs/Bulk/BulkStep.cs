namespace Serverless.Web.Runs;

/// <summary>How far a change of many runs has come. The page asks for the next step by itself until it is over or stopped.</summary>
/// <param name="Action">The address of the next step, below the actions.</param>
/// <param name="Filter">Which runs, as the address of their list.</param>
/// <param name="Verb">What was done to them, in words.</param>
/// <param name="Done">To how many runs.</param>
/// <param name="Refused">How many did not allow it.</param>
/// <param name="After">The place of the last run of the step; null when none is left.</param>
public sealed record BulkStep(string Action, string Filter, string Verb, int Done, int Refused, string? After);
