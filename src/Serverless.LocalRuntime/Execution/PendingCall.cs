using System.Diagnostics.CodeAnalysis;
using Microsoft.DurableTask;
using Serverless.LocalRuntime.History;

namespace Serverless.LocalRuntime.Execution;

/// <summary>An activity or sub-orchestration under way.</summary>
internal sealed class PendingCall<T>(OrchestrationAction action, DataConverter converter) : PendingOperation(action)
{
    private readonly TaskCompletionSource<T> _source = new();

    public Task<T> Task => _source.Task;

    [SuppressMessage(
        "Design",
        "CA1031:Do not catch general exception types",
        Justification = "The orchestrator handles a result that cannot be read."
    )]
    public override void Complete(HistoryEvent outcome)
    {
        if (outcome.Kind == HistoryEventKind.TaskFailed)
        {
            _source.TrySetException(new TaskFailedException(Action.Name, Action.Id, outcome.Failure!.ToDetails()));
            return;
        }

        T? result;
        try
        {
            result = Payload.Deserialize<T>(converter, outcome.Data);
        }
        catch (Exception exception)
        {
            _source.TrySetException(exception);
            return;
        }

        _source.TrySetResult(result!);
    }
}
