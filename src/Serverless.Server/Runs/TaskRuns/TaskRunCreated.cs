using Serverless.Core.Models;

namespace Serverless.Server.Runs;

/// <summary>A task run that was asked for.</summary>
/// <param name="Run">The run.</param>
/// <param name="Created">False when it was there already.</param>
public sealed record TaskRunCreated(TaskRun Run, bool Created);
