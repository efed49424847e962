using Serverless.LocalRuntime.History;

namespace Serverless.LocalRuntime.Execution;

/// <summary>A durable timer that has not fired.</summary>
internal sealed class PendingTimer(OrchestrationAction action, DateTimeOffset fireAt) : PendingOperation(action)
{
    private readonly TaskCompletionSource _source = new();

    public DateTimeOffset FireAt => fireAt;

    public Task Task => _source.Task;

    public CancellationTokenRegistration Cancellation { get; set; }

    public override void Complete(HistoryEvent outcome)
    {
        Cancellation.Dispose();
        _source.TrySetResult();
    }

    public void Cancel(CancellationToken token) => _source.TrySetCanceled(token);
}
