using DurableTask.Core;
using DurableTask.Core.History;
using Microsoft.DurableTask;

namespace Serverless.Functions.Histories;

/// <summary>Makes of the history that a durable client gives what is saved of it.</summary>
/// <param name="converter">Reads the inputs of calls.</param>
internal sealed class HistoryRecorder(DataConverter converter)
{
    private readonly List<RecordedTurn> _turns = [];
    private List<RecordedEvent> _events = [];
    private List<RecordedCall> _calls = [];
    private OrchestrationInstance? _instance;

    /// <summary>Records a history.</summary>
    /// <param name="flow">The flow's name.</param>
    /// <param name="history">What the client gives.</param>
    /// <exception cref="InvalidOperationException">The history has no beginning.</exception>
    public RecordedHistory Record(string flow, IEnumerable<HistoryEvent> history)
    {
        foreach (var happened in history)
        {
            if (happened is OrchestratorStartedEvent || _turns.Count == 0)
            {
                _turns.Add(new RecordedTurn(Utc(happened.Timestamp), _events = [], _calls = []));
            }

            Add(happened);
        }

        return _instance is { } instance
            ? new RecordedHistory(RecordedHistory.PresentFormat, flow, instance.InstanceId, instance.ExecutionId ?? string.Empty, _turns)
            : throw new InvalidOperationException("The history has no beginning.");
    }

    private void Add(HistoryEvent happened)
    {
        switch (happened)
        {
            case ExecutionStartedEvent started:
                _instance = started.OrchestrationInstance;
                _events.Add(
                    new RecordedEvent(
                        RecordedEventKind.Started,
                        Data: started.Input,
                        At: started.ScheduledStartTime is { } at ? Utc(at) : null
                    )
                );
                break;
            case TaskCompletedEvent completed:
                _events.Add(new RecordedEvent(RecordedEventKind.Completed, completed.TaskScheduledId, Data: completed.Result));
                break;
            case SubOrchestrationInstanceCompletedEvent completed:
                _events.Add(new RecordedEvent(RecordedEventKind.Completed, completed.TaskScheduledId, Data: completed.Result));
                break;
            case TaskFailedEvent failed:
                Fail(failed.TaskScheduledId, failed.FailureDetails, failed.Reason);
                break;
            case SubOrchestrationInstanceFailedEvent failed:
                Fail(failed.TaskScheduledId, failed.FailureDetails, failed.Reason);
                break;
            case TimerFiredEvent fired:
                _events.Add(new RecordedEvent(RecordedEventKind.TimerFired, fired.TimerId));
                break;
            case EventRaisedEvent raised:
                _events.Add(new RecordedEvent(RecordedEventKind.EventRaised, Name: raised.Name, Data: raised.Input));
                break;
            case ExecutionSuspendedEvent:
                _events.Add(new RecordedEvent(RecordedEventKind.Suspended));
                break;
            case ExecutionResumedEvent:
                _events.Add(new RecordedEvent(RecordedEventKind.Resumed));
                break;
            case ExecutionTerminatedEvent terminated:
                _events.Add(new RecordedEvent(RecordedEventKind.Terminated, Data: terminated.Input));
                break;
            case ExecutionCompletedEvent:
                _turns[^1] = _turns[^1] with { Ended = true };
                break;
            case TaskScheduledEvent call:
                Call(RecordedCallKind.Activity, call.Name, call.Input, Engine.RecordedCalls.TagOf(call.Tags));
                break;
            case SubOrchestrationInstanceCreatedEvent call:
                Call(RecordedCallKind.SubOrchestration, call.Name, call.Input);
                break;
            case EventSentEvent call:
                Call(RecordedCallKind.SendEvent, call.Name, call.Input);
                break;
            case TimerCreatedEvent:
                _calls.Add(new RecordedCall(RecordedCallKind.Timer));
                break;
            default:
                // What frames a turn, and what no replay needs.
                break;
        }
    }

    private void Call(RecordedCallKind kind, string? name, string? input, string? purpose = null) =>
        _calls.Add(new RecordedCall(kind, name, purpose, CallNames.Of(kind, name, input, converter)));

    private void Fail(int call, FailureDetails? details, string? reason) =>
        _events.Add(
            new RecordedEvent(
                RecordedEventKind.Failed,
                call,
                Failure: details is null ? new RecordedFailure(nameof(TaskFailedException), reason ?? string.Empty) : FailureOf(details)
            )
        );

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));

    private static RecordedFailure FailureOf(FailureDetails details) =>
        new(details.ErrorType, details.ErrorMessage, details.InnerFailure is { } inner ? FailureOf(inner) : null);
}
