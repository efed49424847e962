namespace Serverless.LocalRuntime.Instances;

/// <summary>An orchestrator has come back from a turn that was given up long before: its instance is another thread's.</summary>
internal sealed class TurnLostException() : Exception("The turn was abandoned.");
