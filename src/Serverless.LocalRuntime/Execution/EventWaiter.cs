namespace Serverless.LocalRuntime.Execution;

/// <summary>An orchestrator's wait for an external event.</summary>
internal abstract class EventWaiter
{
    public abstract Type PayloadType { get; }

    /// <summary>False once it has an event or was cancelled.</summary>
    public abstract bool IsOpen { get; }

    public abstract void Deliver(string? payload);
}
