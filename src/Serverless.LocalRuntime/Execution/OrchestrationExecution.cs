using System.Diagnostics.CodeAnalysis;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Serverless.LocalRuntime.Functions;
using Serverless.LocalRuntime.History;
using Serverless.LocalRuntime.Instances;

namespace Serverless.LocalRuntime.Execution;

/// <summary>
/// One execution of an orchestrator, in memory: runs turns, new ones and replayed ones alike. Not safe for threads;
/// its instance runs one turn at a time.
/// </summary>
internal sealed class OrchestrationExecution
{
    /// <summary>The id of the timer that a delayed start waits for; the orchestrator's own ids start at 0.</summary>
    private const int StartTimerId = -1;

    private readonly OrchestratorFunction _function;
    private readonly OrchestratorSynchronizationContext _thread;
    private readonly LocalOrchestrationContext _context;
    private readonly PendingOperations _pending = new();
    private readonly List<HistoryEvent> _heldBySuspension = [];
    private readonly HashSet<string> _sources = [];
    private List<OrchestrationAction> _actions = [];
    private Task<object?>? _main;
    private ContinueAsNewOptions? _continueAsNew;
    private HashSet<HistoryEvent> _dropped = [];
    private ExecutionOutcome? _forced;
    private bool _terminated;
    private string? _terminationOutput;
    private int _nextId;
    private bool _closed;

    public OrchestrationExecution(
        ExecutionIdentity identity,
        OrchestratorFunction function,
        DataConverter converter,
        ILoggerFactory loggerFactory,
        Action reportForeignWork
    )
    {
        Identity = identity;
        Converter = converter;
        _function = function;
        _thread = new OrchestratorSynchronizationContext(reportForeignWork);
        _context = new LocalOrchestrationContext(this, loggerFactory);
    }

    public ExecutionIdentity Identity { get; }

    public DataConverter Converter { get; }

    public ExternalEvents Events { get; } = new();

    /// <summary>The turns run so far.</summary>
    public int Turns { get; private set; }

    public DateTimeOffset Now { get; private set; }

    public bool Replaying { get; private set; }

    public string? Input { get; private set; }

    public string? CustomStatus { get; set; }

    public bool Suspended { get; private set; }

    /// <summary>True once none of its queued activities may start any more. Read by the activity queue's threads.</summary>
    public bool Closed
    {
        get => Volatile.Read(ref _closed);
        set => Volatile.Write(ref _closed, value);
    }

    /// <summary>True once the orchestrator's code runs; a delayed start has not begun.</summary>
    public bool Begun => _main is not null;

    /// <summary>True once the orchestrator has returned and nothing that it started is under way any more.</summary>
    private bool HasReturned => _main is { IsCompleted: true } && _pending.Count == 0;

    /// <summary>How it ended; null while it runs.</summary>
    public ExecutionOutcome? Outcome { get; private set; }

    /// <summary>True when the runtime gave the orchestrator up; its code must not run on.</summary>
    public bool Abandoned => _forced is not null;

    /// <summary>When the next timer is due; null for none.</summary>
    public DateTimeOffset? WakeAt => _pending.NextTimer;

    /// <summary>True while an activity or sub-orchestration is under way.</summary>
    public bool HasCalls => _pending.HasCalls;

    /// <summary>The activities and sub-orchestrations under way.</summary>
    public IEnumerable<OrchestrationAction> Calls => _pending.Calls;

    public bool IsPending(int taskId) => _pending.Contains(taskId);

    /// <summary>The events of the timers that are due.</summary>
    public IEnumerable<HistoryEvent> DueTimers(DateTimeOffset now) => _pending.DueTimers(now);

    /// <summary>Runs a new turn and returns the steps that the orchestrator took.</summary>
    /// <exception cref="TurnLostException">It took so long that the instance was taken over.</exception>
    public List<OrchestrationAction> Run(Turn turn, TurnSlot slot)
    {
        var actions = RunCore(turn, slot, replaying: false);
        turn.Actions = ReplayVerifier.Pack(actions);
        turn.Ended = Outcome is not null;
        return actions;
    }

    /// <summary>Runs a turn of the history again and returns its steps.</summary>
    /// <exception cref="DurableTask.Core.Exceptions.NonDeterministicOrchestrationException">The orchestrator took other steps this
    /// time.</exception>
    /// <exception cref="TurnLostException">It took so long that the instance was taken over.</exception>
    public List<OrchestrationAction> Replay(Turn turn, TurnSlot slot)
    {
        var actions = Rerun(turn, slot);
        ReplayVerifier.Verify(Identity.Name, Turns - 1, turn, actions, Outcome);
        return actions;
    }

    /// <summary>Runs a turn of the history again and returns its steps, whatever they are.</summary>
    /// <exception cref="TurnLostException">It took so long that the instance was taken over.</exception>
    public List<OrchestrationAction> Rerun(Turn turn, TurnSlot slot) => RunCore(turn, slot, replaying: true);

    /// <summary>Ends the execution with a failure, whatever it waits for.</summary>
    public void Fail(Exception exception) => Outcome = _forced = new ExecutionOutcome.Failed(Failure.From(exception));

    /// <summary>
    /// From another thread: has the orchestrator's code, which does not come back, take no further steps as far as that is possible.
    /// </summary>
    public void LetGo() => _thread.LetGo();

    public void EnsureOnThread()
    {
        if (!_thread.IsTurnThread)
        {
            throw new InvalidOperationException(
                $"Orchestrator '{Identity.Name}' used its context outside its own thread. Orchestrators await only tasks of their context "
                    + "only, without ConfigureAwait(false) or Task.Run."
            );
        }
    }

    public Task<T> Call<T>(ActionKind kind, string name, object? input, string? childId, string version, IDictionary<string, string>? tags)
    {
        var id = _nextId++;
        OrchestrationAction action = new(kind, id, name)
        {
            Input = Payload.Serialize(
                Converter,
                input,
                $"The input of {(kind == ActionKind.Activity ? "activity" : "orchestrator")} '{name}'"
            ),
            InstanceId = kind == ActionKind.SubOrchestration ? childId ?? ExecutionIdentity.ChildId(Identity.ExecutionId, id) : null,
            HasOwnId = childId is not null,
            Version = version,
            Tags = kind == ActionKind.SubOrchestration && tags is { Count: > 0 } ? new Dictionary<string, string>(tags) : null,
            CallTag = kind == ActionKind.Activity && tags?.TryGetValue(LocalOrchestrationContext.CallTag, out var tag) is true ? tag : null,
        };
        PendingCall<T> call = new(action, Converter);
        _pending.Add(call);
        _actions.Add(action);
        return call.Task;
    }

    public Task StartTimer(DateTimeOffset fireAt, CancellationToken cancellationToken)
    {
        OrchestrationAction action = new(ActionKind.Timer, _nextId++, string.Empty) { FireAt = fireAt };
        _actions.Add(action);
        var timer = _pending.AddTimer(action, fireAt);
        if (cancellationToken.CanBeCanceled)
        {
            timer.Cancellation = cancellationToken.Register(() =>
            {
                if (_thread.CheckThread() && _pending.Cancel(timer))
                {
                    timer.Cancel(cancellationToken);
                }
            });
        }

        return timer.Task;
    }

    public Task<T> WaitForEvent<T>(string name, CancellationToken cancellationToken)
    {
        Events.Check(name, typeof(T));
        EventWaiter<T> waiter = new(Converter);

        // An event that is there is taken even by a wait that is given up already.
        if (Events.TryTake(name, out var early))
        {
            waiter.Deliver(early!.Data);
            return waiter.Task;
        }

        Events.Add(name, waiter);
        if (cancellationToken.CanBeCanceled)
        {
            waiter.Cancellation = cancellationToken.Register(() =>
            {
                if (_thread.CheckThread() && waiter.Cancel(cancellationToken))
                {
                    Events.Cancelled();
                }
            });
        }

        return waiter.Task;
    }

    public void Send(string instanceId, string name, object payload) =>
        _actions.Add(
            new OrchestrationAction(ActionKind.SendEvent, _nextId++, name)
            {
                InstanceId = instanceId,
                Input = Payload.Serialize(Converter, payload, $"The payload of event '{name}'"),
            }
        );

    public void ContinueAsNew(ContinueAsNewOptions options)
    {
        _continueAsNew = options;

        // What comes from here on is the next execution's in any case.
        _dropped = options.PreserveUnprocessedEvents ? [] : new HashSet<HistoryEvent>(Events.Buffered, ReferenceEqualityComparer.Instance);
    }

    [SuppressMessage(
        "Design",
        "CA1031:Do not catch general exception types",
        Justification = "Whatever the orchestrator's code throws is its outcome."
    )]
    private List<OrchestrationAction> RunCore(Turn turn, TurnSlot slot, bool replaying)
    {
        slot.Begin(this);
        Replaying = replaying;
        Now = turn.Time;
        _actions = [];
        Turns++;
        try
        {
            _thread.Run(ApplyAll, turn.Events);
        }
        catch (Exception exception)
        {
            // Thrown past the orchestrator's task, as by an async void method.
            Fail(exception);
        }

        Outcome = FindOutcome();
        slot.End();
        Replaying = false;
        return _actions;
    }

    private void ApplyAll(List<HistoryEvent> events)
    {
        foreach (var happened in events)
        {
            Apply(happened);
            _thread.Drain();
        }
    }

    private void Apply(HistoryEvent happened)
    {
        // A fired timer must not be due again, not even while suspension holds its event back.
        if (happened.Kind == HistoryEventKind.TimerFired)
        {
            _pending.TimerFired(happened.TaskId);
        }

        switch (happened.Kind)
        {
            case HistoryEventKind.Terminated:
                // One that has returned is over, unless it is to begin anew.
                if (!_terminated && (!HasReturned || _continueAsNew is not null))
                {
                    _terminated = true;
                    _terminationOutput = happened.Data;
                }

                break;
            case HistoryEventKind.Suspended:
                Suspended = true;
                break;
            case HistoryEventKind.Resumed:
                Suspended = false;
                HistoryEvent[] held = [.. _heldBySuspension];
                _heldBySuspension.Clear();
                foreach (var late in held)
                {
                    Deliver(late);
                    _thread.Drain();
                }

                break;
            default:
                if (Suspended)
                {
                    _heldBySuspension.Add(happened);
                }
                else
                {
                    Deliver(happened);
                }

                break;
        }
    }

    private void Deliver(HistoryEvent happened)
    {
        switch (happened.Kind)
        {
            case HistoryEventKind.Started:
                Input = happened.Data;
                if (happened.StartAt is { } startAt && startAt > Now)
                {
                    _pending.AddTimer(new OrchestrationAction(ActionKind.Timer, StartTimerId, string.Empty), startAt);
                }
                else
                {
                    Begin();
                }

                break;
            case HistoryEventKind.TimerFired when happened.TaskId == StartTimerId:
                if (_pending.Remove(StartTimerId) is not null)
                {
                    Begin();
                }

                break;
            case HistoryEventKind.EventRaised:
                if (happened.Source is { } source && !_sources.Add(source))
                {
                    return;
                }

                Events.Raise(happened, keep: _main is { IsCompleted: true });
                break;
            default:
                _pending.Remove(happened.TaskId)?.Complete(happened);
                break;
        }
    }

    private void Begin()
    {
        if (!_terminated)
        {
            _main = _function.RunAsync(_context);
        }
    }

    private ExecutionOutcome? FindOutcome()
    {
        if (_forced is not null)
        {
            return _forced;
        }

        if (_terminated)
        {
            return new ExecutionOutcome.Terminated(_terminationOutput);
        }

        // What the orchestrator started and did not wait for is still the instance's work: it ends after it.
        if (_main is null || (_main.IsCompleted && !HasReturned))
        {
            return null;
        }

        if (!_main.IsCompleted)
        {
            return Suspended || _pending.Count > 0 || Events.Waiting > 0
                ? null
                : new ExecutionOutcome.Failed(
                    Failure.From(
                        new InvalidOperationException(
                            $"Orchestrator '{Identity.Name}' waits for something that is not durable: it awaits neither an activity, "
                                + "sub-orchestration or timer nor an external event, and has not ended. "
                                + "Work such as I/O, delays and Task.Run belongs in activities."
                        )
                    )
                );
        }

        return OrchestratorResult.Read(this, _main, _continueAsNew, _dropped);
    }
}
