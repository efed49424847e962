using DurableTask.Core;
using DurableTask.Core.History;

namespace Serverless.Benchmarks.Engines;

/// <summary>
/// A live instance: its committed history, its inbox, and the extended session in which the dispatcher keeps the orchestrator in
/// memory between turns, so that nothing is replayed.
/// </summary>
internal sealed class CoreInstance(string id) : IOrchestrationSession
{
    /// <summary>As long as our engine keeps an idle instance in memory.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly List<HistoryEvent> _history = [];
    private List<TaskMessage> _inbox = [];
    private TaskCompletionSource? _arrived;
    private bool _held;

    public string Id => id;

    /// <summary>How often it continued as new.</summary>
    public int Execution { get; private set; }

    /// <summary>Rows of the history of this execution.</summary>
    public int HistoryRows { get; private set; }

    /// <summary>True when the instance's own row is there.</summary>
    public bool HasRow { get; set; }

    /// <summary>When its first turn is durable.</summary>
    public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource<OrchestrationState> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Puts a message into the inbox; true when the instance has to be handed to the dispatcher.</summary>
    public bool Post(TaskMessage message)
    {
        lock (_lock)
        {
            _inbox.Add(message);
            _arrived?.TrySetResult();
            var handOver = !_held;
            _held = true;
            return handOver;
        }
    }

    /// <summary>All that has arrived, for the dispatcher.</summary>
    public TaskOrchestrationWorkItem Take() =>
        new()
        {
            InstanceId = id,
            Session = this,
            NewMessages = TakeInbox(),
            OrchestrationRuntimeState = new OrchestrationRuntimeState(_history),
            LockedUntilUtc = DateTime.MaxValue,
        };

    /// <summary>After a commit: the events of the turn are history.</summary>
    public void Committed(int execution, int historyRows, IEnumerable<HistoryEvent> events)
    {
        if (execution != Execution)
        {
            _history.Clear();
        }

        _history.AddRange(events);
        Execution = execution;
        HistoryRows = historyRows;
        HasRow = true;
    }

    /// <summary>After a turn that was not committed: its messages come again, before all others.</summary>
    public void PutBack(IEnumerable<TaskMessage> messages)
    {
        lock (_lock)
        {
            _inbox.InsertRange(0, messages);
        }
    }

    /// <summary>The dispatcher lets go of it; true when messages wait and it has to be handed over again.</summary>
    public bool Release()
    {
        lock (_lock)
        {
            return _held = _inbox.Count > 0;
        }
    }

    async Task<IList<TaskMessage>?> IOrchestrationSession.FetchNewOrchestrationMessagesAsync(TaskOrchestrationWorkItem workItem)
    {
        TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_inbox.Count > 0)
            {
                return TakeInbox();
            }

            _arrived = arrived;
        }

        await arrived.Task.WaitAsync(Idle).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
        {
            _arrived = null;
            return _inbox.Count == 0 ? null : TakeInbox();
        }
    }

    Task IOrchestrationSession.EndSessionAsync() => Task.CompletedTask;

    private List<TaskMessage> TakeInbox()
    {
        lock (_lock)
        {
            var taken = _inbox;
            _inbox = [];
            return taken;
        }
    }
}
