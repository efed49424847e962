namespace Serverless.Functions.Engine;

/// <summary>
/// Ends the orchestration of a run whose flow has changed. The sweep of flow runs gives the run the state Crashed, with the reason.
/// </summary>
/// <param name="message">What is different.</param>
internal sealed class FlowChangedException(string message) : Exception(message);
