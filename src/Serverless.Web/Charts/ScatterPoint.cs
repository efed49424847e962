namespace Serverless.Web.Charts;

/// <summary>A run in a chart of how long runs took.</summary>
/// <param name="Start">When it started, or is expected to.</param>
/// <param name="Seconds">How long it has executed.</param>
/// <param name="Kind">The look of its state.</param>
/// <param name="Name">Its name.</param>
/// <param name="Link">The address of its page.</param>
public sealed record ScatterPoint(DateTimeOffset Start, double Seconds, string Kind, string Name, string Link);
