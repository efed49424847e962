using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using Serverless.LocalRuntime.Execution;
using Serverless.LocalRuntime.History;
using Serverless.LocalRuntime.Instances;
using HistoryEvent = DurableTask.Core.History.HistoryEvent;
using OwnEvent = Serverless.LocalRuntime.History.HistoryEvent;

namespace Serverless.LocalRuntime.Client;

/// <summary>
/// A history as the core of Durable Task has it. The inputs of calls are not in the rows: the orchestrator's code runs again and makes
/// them. From where it takes other steps than the history on, calls have no inputs, and timers the time at which they were made.
/// </summary>
internal sealed class CoreHistory
{
    private readonly List<HistoryEvent> _events = [];
    private readonly Dictionary<int, ActionKind> _calls = [];
    private readonly HashSet<string> _sources = [];
    private readonly InstanceRecord _record;
    private readonly OrchestrationExecution _execution;
    private bool _differs;

    private CoreHistory(RuntimeCore core, InstanceRecord record)
    {
        _record = record;
        _execution = core.CreateReading(record.Identity);
    }

    /// <summary>The history of an instance's present execution so far; null when there is no such instance.</summary>
    /// <exception cref="InvalidOperationException">Rows of the history are missing.</exception>
    public static async Task<IList<HistoryEvent>?> ReadAsync(RuntimeCore core, string id, CancellationToken cancellationToken)
    {
        var missing = -1;
        while (await core.Store.ReadWholeAsync(id, cancellationToken) is { } record)
        {
            List<Turn> turns = [];
            await foreach (var turn in core.Store.ReadHistoryAsync(id, record.Execution, cancellationToken))
            {
                turns.Add(turn);
            }

            // An execution that continues as new meanwhile takes its rows along.
            if (turns.Count >= record.Turns)
            {
                CoreHistory history = new(core, record);
                using var slot = await core.EnterReadAsync();
                turns.ForEach(turn => history.Add(turn, slot));
                return history._events;
            }

            if (missing == record.Execution)
            {
                throw new InvalidOperationException($"Rows of the history of instance '{id}' are missing.");
            }

            missing = record.Execution;
        }

        return null;
    }

    private void Add(Turn turn, TurnSlot slot)
    {
        var time = turn.Time.UtcDateTime;
        var actions = Rerun(turn, slot) ?? Unpack(turn.Actions);
        Add(new OrchestratorStartedEvent(-1), time);
        foreach (var happened in turn.Events)
        {
            // A message of another instance that was delivered twice was heard once.
            if (happened.Source is not { } source || _sources.Add(source))
            {
                Add(Read(happened, time), time);
            }
        }

        foreach (var action in actions)
        {
            _calls[action.Id] = action.Kind;
            Add(Read(action, time), time);
        }

        if (turn.Ended)
        {
            Add(
                new ExecutionCompletedEvent(
                    -1,
                    _record.Output,
                    (OrchestrationStatus)_record.Status,
                    _record.Failure is { } failure ? Failure.ToCore(failure.ToDetails()) : null
                ),
                time
            );
        }

        Add(new OrchestratorCompletedEvent(-1), time);
    }

    private void Add(HistoryEvent happened, DateTime time)
    {
        happened.Timestamp = time;
        _events.Add(happened);
    }

    /// <summary>The steps of a turn, with their inputs; null when the code takes other ones.</summary>
    private List<OrchestrationAction>? Rerun(Turn turn, TurnSlot slot)
    {
        if (_differs)
        {
            return null;
        }

        try
        {
            return _execution.Replay(turn, slot);
        }
        catch (Exception error) when (error is NonDeterministicOrchestrationException or TurnLostException)
        {
            _differs = true;
            return null;
        }
    }

    private static IEnumerable<OrchestrationAction> Unpack(List<RecordedActions> recorded) =>
        recorded.SelectMany(actions =>
            Enumerable
                .Range(actions.FirstId, actions.Count)
                .Select(id => new OrchestrationAction(actions.Kind, id, actions.Name)
                {
                    CallTag = actions.CallTag,
                    InstanceId = actions.ChildId,
                })
        );

    private static HistoryEvent Read(OrchestrationAction action, DateTime time) =>
        action.Kind switch
        {
            ActionKind.Activity => new TaskScheduledEvent(action.Id, action.Name, action.Version, action.Input)
            {
                Tags = action.CallTag is { } tag
                    ? new Dictionary<string, string>(StringComparer.Ordinal) { [LocalOrchestrationContext.CallTag] = tag }
                    : null,
            },
            ActionKind.Timer => new TimerCreatedEvent(action.Id, action.FireAt?.UtcDateTime ?? time),
            ActionKind.SubOrchestration => new SubOrchestrationInstanceCreatedEvent(action.Id)
            {
                Name = action.Name,
                Version = action.Version,
                InstanceId = action.InstanceId,
                Input = action.Input,
            },
            _ => new EventSentEvent(action.Id)
            {
                Name = action.Name,
                InstanceId = action.InstanceId,
                Input = action.Input,
            },
        };

    private HistoryEvent Read(OwnEvent happened, DateTime time) =>
        happened.Kind switch
        {
            HistoryEventKind.Started => new ExecutionStartedEvent(-1, happened.Data)
            {
                Name = _record.Name,
                Version = _record.Version,
                OrchestrationInstance = new OrchestrationInstance { InstanceId = _record.Id, ExecutionId = _record.ExecutionId },
                ScheduledStartTime = happened.StartAt?.UtcDateTime,
            },
            HistoryEventKind.TaskCompleted => IsChild(happened)
                ? new SubOrchestrationInstanceCompletedEvent(-1, happened.TaskId, happened.Data)
                : new TaskCompletedEvent(-1, happened.TaskId, happened.Data),
            HistoryEventKind.TaskFailed => Failed(happened, Failure.ToCore(happened.Failure!.ToDetails())),
            HistoryEventKind.TimerFired => new TimerFiredEvent(-1, time) { TimerId = happened.TaskId },
            HistoryEventKind.Suspended => new ExecutionSuspendedEvent(-1, happened.Data),
            HistoryEventKind.Resumed => new ExecutionResumedEvent(-1, happened.Data),
            HistoryEventKind.Terminated => new ExecutionTerminatedEvent(-1, happened.Data),
            _ => new EventRaisedEvent(-1, happened.Data) { Name = happened.Name },
        };

    private HistoryEvent Failed(OwnEvent happened, FailureDetails details) =>
        IsChild(happened)
            ? new SubOrchestrationInstanceFailedEvent(-1, happened.TaskId, null, null, details)
            : new TaskFailedEvent(-1, happened.TaskId, null, null, details);

    private bool IsChild(OwnEvent happened) => _calls.GetValueOrDefault(happened.TaskId) == ActionKind.SubOrchestration;
}
