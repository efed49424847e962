using System.Collections.Concurrent;
using System.Threading.Channels;
using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using Serverless.Storage;

namespace Serverless.Benchmarks.Engines;

/// <summary>
/// What DurableTask.Core needs to run on the rows that our engine runs on, as fast as it can be made with the same promises: a turn is
/// one atomic commit of its new history, the instance's state and what it sends, and nothing of it is acted upon before that commit is
/// durable. Commits of different instances run at once, and the row store syncs them in groups. Live instances stay in memory, in extended
/// sessions.
/// </summary>
/// <remarks>
/// What it does not do: go on after a restart (all that is needed for it is written, but nothing reads it), query and purge instances, use
/// an id twice, and run in more than one process. It is no provider for an app.
/// </remarks>
/// <param name="rows">The store.</param>
/// <param name="messageRows">
/// True: an activity that waits, its result and the start of an instance are rows of their own, as the providers of DurableTask have it; an
/// activity whose result is known is never run again. False: they are part of the turn that schedules or takes them, as in our engine;
/// after a crash, an activity whose result no turn has taken is run again, and a start is acknowledged with the commit of the first turn.
/// </param>
internal sealed partial class RowOrchestrationService(IRowStore rows, bool messageRows) : IOrchestrationService, IDisposable
{
    private readonly ConcurrentDictionary<string, CoreInstance> _instances = new(StringComparer.Ordinal);
    private readonly Channel<CoreInstance> _ready = Channel.CreateUnbounded<CoreInstance>();
    private readonly Channel<TaskMessage> _activities = Channel.CreateUnbounded<TaskMessage>();
    private readonly CancellationTokenSource _stopping = new();
    private long _messages = TimeProvider.System.GetUtcNow().UtcTicks;

    public int TaskOrchestrationDispatcherCount => 1;

    public int MaxConcurrentTaskOrchestrationWorkItems => 1000;

    public BehaviorOnContinueAsNew EventBehaviourForContinueAsNew => BehaviorOnContinueAsNew.Carryover;

    public int TaskActivityDispatcherCount => 1;

    public int MaxConcurrentTaskActivityWorkItems => 1000;

    public async Task<TaskOrchestrationWorkItem?> LockNextTaskOrchestrationWorkItemAsync(
        TimeSpan receiveTimeout,
        CancellationToken cancellationToken
    ) => (await TakeAsync(_ready.Reader, receiveTimeout, cancellationToken)).Take();

    public async Task CompleteTaskOrchestrationWorkItemAsync(
        TaskOrchestrationWorkItem workItem,
        OrchestrationRuntimeState newOrchestrationRuntimeState,
        IList<TaskMessage> outboundMessages,
        IList<TaskMessage> orchestratorMessages,
        IList<TaskMessage> timerMessages,
        TaskMessage? continuedAsNewMessage,
        OrchestrationState? orchestrationState
    )
    {
        CoreInstance instance = (CoreInstance)workItem.Session;
        if (orchestrationState is null)
        {
            // Messages for an execution that is over.
            return;
        }

        var asNew = newOrchestrationRuntimeState != workItem.OrchestrationRuntimeState;
        var execution = asNew ? instance.Execution + 1 : instance.Execution;
        var row = asNew ? 0 : instance.HistoryRows;
        var ended =
            orchestrationState.OrchestrationStatus
            is not (OrchestrationStatus.Running or OrchestrationStatus.Pending or OrchestrationStatus.Suspended);

        var state = CoreRows.Properties(orchestrationState);
        var commit = new RowCommit().Add(
            instance.HasRow
                ? RowOperation.Upsert(CoreRows.State(instance.Id), state)
                : RowOperation.Insert(CoreRows.State(instance.Id), state)
        );
        foreach (var history in CoreRows.HistoryOf(instance, execution, row, newOrchestrationRuntimeState.NewEvents))
        {
            commit.Add(history);
            row++;
        }

        for (var old = 0; asNew && old < instance.HistoryRows; old++)
        {
            commit.AddDerived(RowOperation.Delete(CoreRows.History(instance.Id, instance.Execution, old)));
        }

        // The list of the open ones, without one whose first turn is its last.
        if (ended == instance.HasRow)
        {
            commit.AddDerived(
                ended ? RowOperation.Delete(CoreRows.Open(instance.Id)) : RowOperation.Upsert(CoreRows.Open(instance.Id), [])
            );
        }

        AddMessages(commit, workItem.NewMessages, outboundMessages, [.. orchestratorMessages, .. timerMessages]);
        if ((await rows.CommitAsync(commit)).Conflict is { } conflict)
        {
            _instances.TryRemove(instance.Id, out _);
            instance.Begun.TrySetException(new OrchestrationAlreadyExistsException($"There is a row '{conflict}' already."));
            return;
        }

        instance.Committed(execution, row, newOrchestrationRuntimeState.NewEvents);
        CarryOut(instance, outboundMessages, orchestratorMessages, timerMessages);
        if (ended)
        {
            _instances.TryRemove(instance.Id, out _);
            instance.Ended.TrySetResult(orchestrationState);
        }
    }

    public Task AbandonTaskOrchestrationWorkItemAsync(TaskOrchestrationWorkItem workItem)
    {
        ((CoreInstance)workItem.Session).PutBack(workItem.NewMessages);
        return Task.CompletedTask;
    }

    public Task ReleaseTaskOrchestrationWorkItemAsync(TaskOrchestrationWorkItem workItem)
    {
        CoreInstance instance = (CoreInstance)workItem.Session;
        if (_instances.ContainsKey(instance.Id) && instance.Release())
        {
            _ready.Writer.TryWrite(instance);
        }

        return Task.CompletedTask;
    }

    public async Task<TaskActivityWorkItem?> LockNextTaskActivityWorkItem(TimeSpan receiveTimeout, CancellationToken cancellationToken)
    {
        var message = await TakeAsync(_activities.Reader, receiveTimeout, cancellationToken);
        return new TaskActivityWorkItem
        {
            Id = message.OrchestrationInstance.InstanceId,
            TaskMessage = message,
            LockedUntilUtc = DateTime.MaxValue,
        };
    }

    public async Task CompleteTaskActivityWorkItemAsync(TaskActivityWorkItem workItem, TaskMessage responseMessage)
    {
        if (messageRows)
        {
            Number(responseMessage);
            await rows.CommitAsync(
                new RowCommit()
                    .Add(RowOperation.Delete(CoreRows.Activity(workItem.TaskMessage)))
                    .Add(RowOperation.Insert(CoreRows.Message(responseMessage), CoreRows.Properties(responseMessage)))
            );
        }

        Deliver(responseMessage);
    }

    public Task AbandonTaskActivityWorkItemAsync(TaskActivityWorkItem workItem)
    {
        _activities.Writer.TryWrite(workItem.TaskMessage);
        return Task.CompletedTask;
    }

    // Nobody else can take what is locked.
    public Task RenewTaskOrchestrationWorkItemLockAsync(TaskOrchestrationWorkItem workItem) => Task.CompletedTask;

    public Task<TaskActivityWorkItem> RenewTaskActivityWorkItemLockAsync(TaskActivityWorkItem workItem) => Task.FromResult(workItem);

    public bool IsMaxMessageCountExceeded(int currentMessageCount, OrchestrationRuntimeState runtimeState) => false;

    public int GetDelayInSecondsAfterOnProcessException(Exception exception) => 1;

    public int GetDelayInSecondsAfterOnFetchException(Exception exception) => 0;

    public Task StartAsync() => Task.CompletedTask;

    public Task StopAsync() => StopAsync(isForced: false);

    public Task StopAsync(bool isForced) => _stopping.CancelAsync();

    // The rows are there once the store is open.
    public Task CreateAsync() => Task.CompletedTask;

    public Task CreateAsync(bool recreateInstanceStore) => Task.CompletedTask;

    public Task CreateIfNotExistsAsync() => Task.CompletedTask;

    public Task DeleteAsync() => throw new NotSupportedException();

    public Task DeleteAsync(bool deleteInstanceStore) => throw new NotSupportedException();

    public void Dispose() => _stopping.Dispose();

    /// <summary>The next item, at once if there is one.</summary>
    /// <exception cref="TimeoutException">None came; the dispatcher asks again.</exception>
    private static async ValueTask<T> TakeAsync<T>(ChannelReader<T> items, TimeSpan timeout, CancellationToken cancellationToken)
    {
        T? item;
        while (!items.TryRead(out item))
        {
            await items.WaitToReadAsync(cancellationToken).AsTask().WaitAsync(timeout, cancellationToken);
        }

        return item;
    }

    /// <summary>Adds the rows of what a turn sends, and removes those of what it has taken in.</summary>
    private void AddMessages(
        RowCommit commit,
        IEnumerable<TaskMessage> taken,
        IEnumerable<TaskMessage> activities,
        IEnumerable<TaskMessage> sent
    )
    {
        foreach (var message in taken.Where(message => message.SequenceNumber != 0))
        {
            commit.AddDerived(RowOperation.Delete(CoreRows.Message(message)));
        }

        foreach (var activity in messageRows ? activities : [])
        {
            Number(activity);
            commit.AddDerived(RowOperation.Upsert(CoreRows.Activity(activity), CoreRows.Properties(activity)));
        }

        // To other instances, and timers: these have a row each in either case.
        foreach (var message in sent)
        {
            Number(message);
            commit.AddDerived(RowOperation.Upsert(CoreRows.Message(message), CoreRows.Properties(message)));
        }
    }

    /// <summary>Once the turn is durable: what it sends is sent.</summary>
    private void CarryOut(
        CoreInstance instance,
        IEnumerable<TaskMessage> activities,
        IEnumerable<TaskMessage> messages,
        IEnumerable<TaskMessage> timers
    )
    {
        instance.Begun.TrySetResult();
        foreach (var activity in activities)
        {
            _activities.Writer.TryWrite(activity);
        }

        foreach (var message in messages)
        {
            Deliver(message);
        }

        foreach (var timer in timers)
        {
            _ = FireAsync(timer);
        }
    }

    private async Task FireAsync(TaskMessage timer)
    {
        var delay = ((TimerFiredEvent)timer.Event).FireAt - DateTime.UtcNow;
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, _stopping.Token);
        }

        Deliver(timer);
    }

    /// <summary>Puts a message into the inbox of its instance; one for an instance that has ended is dropped.</summary>
    private void Deliver(TaskMessage message)
    {
        var id = message.OrchestrationInstance.InstanceId;
        var instance =
            message.Event is ExecutionStartedEvent
                ? _instances.GetOrAdd(id, static id => new CoreInstance(id))
                : _instances.GetValueOrDefault(id);
        if (instance?.Post(message) is true)
        {
            _ready.Writer.TryWrite(instance);
        }
    }

    /// <summary>Gives a message the number that its row is kept under.</summary>
    private void Number(TaskMessage message) => message.SequenceNumber = Interlocked.Increment(ref _messages);
}
