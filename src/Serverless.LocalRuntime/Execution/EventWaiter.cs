namespace Serverless.LocalRuntime.Execution;

/// <summary>An orchestrator's wait for an external event.</summary>
internal abstract class EventWaiter
{
    public abstract Type PayloadType { get; }

    public abstract void Deliver(string? payload);
}
