using Serverless.Core.Models;

namespace Serverless.Server.Runs;

/// <summary>A background task run of this app, and what it was asked for with.</summary>
/// <param name="Run">The task run.</param>
/// <param name="Input">What its attempts need.</param>
public sealed record BackgroundTask(TaskRun Run, string Input);
