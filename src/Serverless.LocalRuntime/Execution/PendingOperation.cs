using Serverless.LocalRuntime.History;

namespace Serverless.LocalRuntime.Execution;

/// <summary>A step whose end the orchestrator waits for.</summary>
internal abstract class PendingOperation(OrchestrationAction action)
{
    public OrchestrationAction Action => action;

    /// <summary>Hands the outcome to the orchestrator, which runs on from here.</summary>
    public abstract void Complete(HistoryEvent outcome);
}
