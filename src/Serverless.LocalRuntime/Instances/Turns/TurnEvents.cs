using Serverless.LocalRuntime.Execution;
using Serverless.LocalRuntime.History;

namespace Serverless.LocalRuntime.Instances;

/// <summary>Turns the messages of one turn into the events that its orchestrator sees.</summary>
/// <param name="execution">The execution that runs the turn.</param>
/// <param name="now">The time of the turn.</param>
/// <param name="unsentTurns">The turns whose events to other instances have not all arrived.</param>
internal sealed class TurnEvents(OrchestrationExecution execution, DateTimeOffset now, SortedSet<int> unsentTurns)
{
    private readonly HashSet<int> _ended = [];

    /// <summary>The events, in their order.</summary>
    public List<HistoryEvent> Events { get; } = [];

    /// <summary>True when all events that an earlier turn sent have arrived.</summary>
    public bool HaveSentArrived { get; private set; }

    /// <summary>Takes the messages, and the events of the timers that are due.</summary>
    /// <param name="batch">The messages.</param>
    /// <param name="start">The message that starts the instance; null when it has begun before.</param>
    public void Collect(List<InstanceMessage> batch, InstanceMessage.Start? start)
    {
        if (start is not null)
        {
            Events.Add(
                new HistoryEvent
                {
                    Kind = HistoryEventKind.Started,
                    Data = start.Input,
                    StartAt = start.StartAt,
                }
            );
        }

        foreach (var message in batch)
        {
            Add(message);
        }

        AddTimers();
        if (start is not null)
        {
            EndBeforeTheStart();
        }
    }

    private void Add(InstanceMessage message)
    {
        switch (message)
        {
            case InstanceMessage.External external:
                Events.Add(external.Event);
                break;
            case InstanceMessage.Wake:
                // Where the clock's message is among the others, so that a timer that was due before an event came also wins.
                AddTimers();
                break;
            case InstanceMessage.TaskEnded task
                when task.ExecutionId == execution.Identity.ExecutionId
                    && execution.IsPending(task.Event.TaskId)
                    && _ended.Add(task.Event.TaskId):
                Events.Add(task.Event);
                break;
            case InstanceMessage.Sent sent when sent.ExecutionId == execution.Identity.ExecutionId:
                HaveSentArrived |= unsentTurns.Remove(sent.Turn);
                break;
            case InstanceMessage.ForeignWork foreign
                when foreign.ExecutionId == execution.Identity.ExecutionId && execution.Outcome is null:
                execution.Fail(
                    new InvalidOperationException(
                        $"Orchestrator '{execution.Identity.Name}' awaited something that is not durable and continued outside its "
                            + "turn. Work such as I/O, delays and Task.Run belongs in activities."
                    )
                );
                break;
            default:
                break;
        }
    }

    private void AddTimers() => Events.AddRange(execution.DueTimers(now).Where(timer => _ended.Add(timer.TaskId)));

    /// <summary>An instance that is terminated before it has begun never begins.</summary>
    private void EndBeforeTheStart()
    {
        if (Events.Find(happened => happened.Kind == HistoryEventKind.Terminated) is { } termination)
        {
            Events.Remove(termination);
            Events.Insert(0, termination);
        }
    }
}
