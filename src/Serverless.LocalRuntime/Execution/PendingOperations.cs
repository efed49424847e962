using Serverless.LocalRuntime.History;

namespace Serverless.LocalRuntime.Execution;

/// <summary>The steps of an execution that have not ended: activities, sub-orchestrations and timers.</summary>
internal sealed class PendingOperations
{
    private readonly Dictionary<int, PendingOperation> _operations = [];
    private readonly SortedSet<(DateTimeOffset FireAt, int Id)> _timers = [];
    private int _calls;

    /// <summary>How many there are.</summary>
    public int Count => _operations.Count;

    /// <summary>True while an activity or sub-orchestration is under way.</summary>
    public bool HasCalls => _calls > 0;

    /// <summary>The activities and sub-orchestrations under way.</summary>
    public IEnumerable<OrchestrationAction> Calls =>
        _operations
            .Values.Select(operation => operation.Action)
            .Where(action => action.Kind is ActionKind.Activity or ActionKind.SubOrchestration);

    /// <summary>When the next timer is due; null for none.</summary>
    public DateTimeOffset? NextTimer => _timers.Count == 0 ? null : _timers.Min.FireAt;

    public bool Contains(int id) => _operations.ContainsKey(id);

    /// <summary>The events of the timers that are due.</summary>
    public IEnumerable<HistoryEvent> DueTimers(DateTimeOffset now) =>
        _timers
            .TakeWhile(timer => timer.FireAt <= now)
            .Select(timer => new HistoryEvent { Kind = HistoryEventKind.TimerFired, TaskId = timer.Id });

    /// <summary>Adds an activity or a sub-orchestration.</summary>
    public void Add<T>(PendingCall<T> call)
    {
        _operations.Add(call.Action.Id, call);
        _calls++;
    }

    public PendingTimer AddTimer(OrchestrationAction action, DateTimeOffset fireAt)
    {
        PendingTimer timer = new(action, fireAt);
        _operations.Add(action.Id, timer);
        _timers.Add((fireAt, action.Id));
        return timer;
    }

    /// <summary>Removes a timer that the orchestrator cancels. False when the orchestrator knows already that it fired.</summary>
    public bool Cancel(PendingTimer timer)
    {
        _timers.Remove((timer.FireAt, timer.Action.Id));
        return _operations.Remove(timer.Action.Id);
    }

    /// <summary>A timer is not due any more; the orchestrator has still to learn that it fired.</summary>
    public void TimerFired(int id)
    {
        if (_operations.TryGetValue(id, out var fired))
        {
            _timers.Remove((((PendingTimer)fired).FireAt, id));
        }
    }

    /// <summary>Removes what has ended; null if it is not here.</summary>
    public PendingOperation? Remove(int id)
    {
        if (!_operations.Remove(id, out var operation))
        {
            return null;
        }

        _calls -= operation is PendingTimer ? 0 : 1;
        return operation;
    }
}
