using System.Diagnostics.CodeAnalysis;
using Microsoft.DurableTask;

namespace Serverless.LocalRuntime.Execution;

/// <inheritdoc/>
[SuppressMessage("Design", "MA0048:File name must match type name", Justification = "The generic companion.")]
internal sealed class EventWaiter<T>(DataConverter converter) : EventWaiter
{
    private readonly TaskCompletionSource<T> _source = new();

    public Task<T> Task => _source.Task;

    public override Type PayloadType => typeof(T);

    public override bool IsOpen => !_source.Task.IsCompleted;

    public CancellationTokenRegistration Cancellation { get; set; }

    [SuppressMessage(
        "Design",
        "CA1031:Do not catch general exception types",
        Justification = "The orchestrator handles a payload that cannot be read."
    )]
    public override void Deliver(string? payload)
    {
        Cancellation.Dispose();
        T? value;
        try
        {
            value = Payload.Deserialize<T>(converter, payload);
        }
        catch (Exception exception)
        {
            _source.TrySetException(exception);
            return;
        }

        _source.TrySetResult(value!);
    }

    /// <summary>Gives the wait up; false when it is over already.</summary>
    public bool Cancel(CancellationToken token) => _source.TrySetCanceled(token);
}
