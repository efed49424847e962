namespace Serverless.Web.FlowRuns;

/// <summary>A part of a line of the timeline.</summary>
/// <param name="Start">When it began.</param>
/// <param name="End">When it ended, or now.</param>
/// <param name="Kind">The look of its state; null while it waited.</param>
public sealed record TimelinePart(DateTimeOffset Start, DateTimeOffset End, string? Kind);
