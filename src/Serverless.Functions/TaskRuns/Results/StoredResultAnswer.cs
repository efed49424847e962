namespace Serverless.Functions.TaskRuns;

/// <summary>Answer of <see cref="ReadStoredResult"/>.</summary>
/// <param name="Json">The value as JSON; null if it cannot be had.</param>
/// <param name="Gone">Why it cannot be read; null if it can.</param>
/// <param name="IsTooLarge">Whether it is larger than what a history takes.</param>
public sealed record StoredResultAnswer(string? Json = null, string? Gone = null, bool IsTooLarge = false);
