namespace Serverless.Core.Models;

/// <summary>The task runs of one part of a time that have ended (Prefect's TaskRunCount).</summary>
/// <param name="Completed">How many of them did not fail: they completed or were cancelled.</param>
/// <param name="Failed">How many failed or crashed.</param>
public sealed record EndedTaskRuns(int Completed, int Failed);
