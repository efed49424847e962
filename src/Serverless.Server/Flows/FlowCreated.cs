using Serverless.Core.Models;

namespace Serverless.Server.Flows;

/// <summary>The flow that a request to create one is answered with.</summary>
/// <param name="Flow">The flow.</param>
/// <param name="Created">False when a flow of that name existed already.</param>
public sealed record FlowCreated(Flow Flow, bool Created);
