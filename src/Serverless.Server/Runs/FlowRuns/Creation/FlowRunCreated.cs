using Serverless.Core.Models;

namespace Serverless.Server.Runs;

/// <summary>The run that a request to create one is answered with.</summary>
/// <param name="Run">The run.</param>
/// <param name="Created">False when it existed already: same idempotency key, or same stable id.</param>
public sealed record FlowRunCreated(FlowRun Run, bool Created);
