namespace Serverless.Web.FlowRuns;

/// <summary>A value that a tab shows.</summary>
/// <param name="Json">The value; null when there is none.</param>
/// <param name="Why">Why there is none.</param>
/// <param name="All">Where all of it is to be had.</param>
public sealed record ValueModel(string? Json, string? Why, string All);
