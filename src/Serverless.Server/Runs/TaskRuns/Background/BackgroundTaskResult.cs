using Serverless.Core.Models;

namespace Serverless.Server.Runs;

/// <summary>How a background task run is, or ended.</summary>
/// <param name="Run">The task run, with its state.</param>
/// <param name="Json">Its result, if it has ended; null for none.</param>
public sealed record BackgroundTaskResult(TaskRun Run, string? Json);
