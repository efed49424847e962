namespace Serverless.LocalRuntime.Execution;

/// <summary>A replayed orchestrator did something else than its history says.</summary>
internal sealed class NonDeterministicOrchestratorException(string message) : Exception(message);
