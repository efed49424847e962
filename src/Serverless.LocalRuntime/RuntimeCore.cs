using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging;
using Serverless.LocalRuntime.Activities;
using Serverless.LocalRuntime.Client;
using Serverless.LocalRuntime.Deaths;
using Serverless.LocalRuntime.Execution;
using Serverless.LocalRuntime.Functions;
using Serverless.LocalRuntime.Hosting;
using Serverless.LocalRuntime.Instances;
using Serverless.LocalRuntime.Telemetry;
using Serverless.Storage;

namespace Serverless.LocalRuntime;

/// <summary>The running runtime: its live instances and what they share.</summary>
internal sealed class RuntimeCore : IAsyncDisposable
{
    /// <summary>How many looks find an orchestrator computing before it is given up.</summary>
    private const int TurnLooks = 6;

    private readonly ConcurrentDictionary<string, InstanceActor> _actors = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ActivityQueue> _activities = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _pumpsEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _maxConcurrentActivities;
    private readonly Slots _turns;
    private readonly Slots _loads = new(Math.Max(2, Environment.ProcessorCount));
    private readonly ILoggerFactory _loggerFactory;
    private readonly Evictor _evictor;
    private readonly RuntimeMetrics _metrics;
    private readonly ITimer? _watch;

    private readonly HashSet<Assembly> _deferring;

    // Counts the runtime itself too, until it stops.
    private int _pumps = 1;
    private long _handovers;

    public RuntimeCore(
        IRowStore rows,
        FunctionCatalog catalog,
        LocalRuntimeOptions options,
        TimeProvider time,
        IServiceProvider services,
        ILoggerFactory loggerFactory
    )
    {
        Store = new InstanceStore(rows);
        Catalog = catalog;
        Time = time;
        Services = services;
        Logger = loggerFactory.CreateLogger("Serverless.LocalRuntime");
        Marks = DeathMarks.Open(options.TurnMarks, time, Logger);
        Activities = ActivityMarks.Open(options.ActivityMarks, time, Logger);
        Converter = CreateConverter(options.SerializerOptions);
        Client = new LocalDurableTaskClient(this);
        Wakes = new WakeQueue(time, id => Post(id, new InstanceMessage.Wake()));
        _maxConcurrentActivities = options.MaxConcurrentActivities;
        _turns = new Slots(options.MaxConcurrentTurns);
        _deferring = [.. options.DeferringAssemblies];
        _loggerFactory = loggerFactory;
        _evictor = new Evictor(_actors, options, time);
        _metrics = new RuntimeMetrics(() => LiveInstances, _activities);
        BeforeAnswer = options.BeforeAnswer;
        TurnTimeout = options.TurnTimeout;
        if (TurnTimeout != Timeout.InfiniteTimeSpan && !Debugger.IsAttached)
        {
            // Looks are counted, not time: a process that was stopped for a while has stuck in nothing.
            var period = TurnTimeout / TurnLooks;
            _watch = time.CreateTimer(static state => ((RuntimeCore)state!).LookAtTurns(), this, period, period);
        }

        Stopping = _stopping.Token;
    }

    public InstanceStore Store { get; }

    /// <summary>Whether an activity waits for the disk itself.</summary>
    public bool Defers(LocalFunction activity) => _deferring.Contains(activity.Assembly);

    public FunctionCatalog Catalog { get; }

    public TimeProvider Time { get; }

    public IServiceProvider Services { get; }

    public ILogger Logger { get; }

    public DataConverter Converter { get; }

    public LocalDurableTaskClient Client { get; }

    public WakeQueue Wakes { get; }

    /// <summary>Whose turn the process would die in.</summary>
    public DeathMarks Marks { get; }

    /// <summary>Under which activities the process would die.</summary>
    public ActivityMarks Activities { get; }

    /// <summary>Awaited when an activity has ended, with its name and input, before its answer is passed on; null for nothing.</summary>
    public Func<string, string?, Task>? BeforeAnswer { get; }

    /// <summary>Cancelled when the process ends.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>How many instances are in memory.</summary>
    public int LiveInstances => _actors.Count;

    /// <summary>Counts what was handed over to an instance or an activity, ever.</summary>
    public long Handovers => Interlocked.Read(ref _handovers);

    /// <summary>How many activities run now.</summary>
    public int RunningActivities => _activities.Values.Sum(queue => queue.Running);

    /// <summary>True while an instance has messages, or handles some.</summary>
    public bool HasBusyInstances => _actors.Values.Any(actor => actor.IsBusy);

    /// <summary>Notes that something was handed over, before whoever had it is done.</summary>
    public void HandedOver() => Interlocked.Increment(ref _handovers);

    /// <summary>Gives an instance a message, in memory or not.</summary>
    public void Post(string instanceId, InstanceMessage message)
    {
        HandedOver();
        while (!Stopping.IsCancellationRequested)
        {
            if (!_actors.TryGetValue(instanceId, out var actor))
            {
                actor = _actors.GetOrAdd(instanceId, static (id, core) => new InstanceActor(id, core), this);
                _evictor.Added();
            }

            if (actor.Post(message))
            {
                return;
            }

            Forget(actor);
        }

        InstanceMessage.Reject([message], Stopped());
    }

    /// <summary>Removes an actor that takes no more messages.</summary>
    public void Forget(InstanceActor actor) => _actors.TryRemove(new KeyValuePair<string, InstanceActor>(actor.Id, actor));

    /// <summary>The queue of one activity function. Each has its own, so that long ones do not keep short ones of others waiting.</summary>
    public ActivityQueue ActivitiesOf(string name) =>
        _activities.GetOrAdd(name, static (_, core) => new ActivityQueue(core, core._maxConcurrentActivities), this);

    /// <summary>How long an orchestrator may compute.</summary>
    public TimeSpan TurnTimeout { get; }

    /// <summary>Waits until an orchestrator of an instance may compute.</summary>
    public ValueTask<TurnSlot> EnterTurnAsync(string instanceId) => _turns.EnterAsync(slot => OnTurnLost(instanceId, slot));

    /// <summary>Waits until an instance may be replayed.</summary>
    public ValueTask<TurnSlot> EnterLoadAsync(string instanceId) => _loads.EnterAsync(slot => OnTurnLost(instanceId, slot));

    /// <summary>
    /// Waits until a history may be run again that nobody goes on with: if its code does not come back, no instance suffers.
    /// </summary>
    public ValueTask<TurnSlot> EnterReadAsync() => _loads.EnterAsync(_ => { });

    public bool EnterPump()
    {
        Interlocked.Increment(ref _pumps);
        if (!Stopping.IsCancellationRequested)
        {
            return true;
        }

        ExitPump();
        return false;
    }

    public void ExitPump()
    {
        if (Interlocked.Decrement(ref _pumps) == 0)
        {
            _pumpsEnded.TrySetResult();
        }
    }

    public OrchestrationExecution CreateExecution(InstanceRecord record)
    {
        var identity = record.Identity;
        return new OrchestrationExecution(
            identity,
            new OrchestratorFunction(record.Name, record.Version, Catalog.Find(FunctionKind.Orchestrator, record.Name), Services, Client),
            Converter,
            _loggerFactory,
            () => Post(identity.InstanceId, new InstanceMessage.ForeignWork { ExecutionId = identity.ExecutionId })
        );
    }

    /// <summary>An execution for a history that nobody goes on with.</summary>
    /// <param name="identity">What it was.</param>
    public OrchestrationExecution CreateReading(ExecutionIdentity identity) =>
        new(
            identity,
            new OrchestratorFunction(
                identity.Name,
                identity.Version,
                Catalog.Find(FunctionKind.Orchestrator, identity.Name),
                Services,
                Client
            ),
            Converter,
            _loggerFactory,
            reportForeignWork: () => { }
        );

    /// <summary>A payload as text.</summary>
    /// <param name="value">The payload.</param>
    /// <param name="what">What it is, in words.</param>
    /// <exception cref="ArgumentException">It is too large.</exception>
    public string? Serialize(object? value, string what) => Payload.Serialize(Converter, value, what);

    /// <summary>Finds the instances that a former process left open; starts or arms what they wait for.</summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        const int Readers = 8;
        var open = 0;
        ConcurrentQueue<string> unfinished = new();
        ConcurrentBag<string> suspects = [];
        var activities = Activities.FindSuspects();
        foreach (var id in Marks.Convicted)
        {
            // Before anything else can have its code run.
            var reason = DiedTooOftenException.InTurns();
            Logger.SetAside(id, reason.Message);
            Post(id, new InstanceMessage.Break { Reason = reason, Batch = [] });
            suspects.Add(id);
        }

        await Parallel.ForEachAsync(
            Store.ScanAsync(RowRange.Partition(InstanceKeys.OpenTable, InstanceKeys.OpenPartition), cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = Readers, CancellationToken = cancellationToken },
            async (row, token) =>
            {
                if (await Store.ReadAsync(row.RowKey, token) is not { Record: { IsFinal: false } record })
                {
                    return;
                }

                Interlocked.Increment(ref open);
                activities.Found(record);
                if (Marks.IsSuspect(record.Id))
                {
                    suspects.Add(record.Id);
                }

                Wakes.Set(record.Id, record.WakeAt);
                if (record.PendingWork)
                {
                    unfinished.Enqueue(record.Id);
                }
            }
        );

        Marks.ForgetOthers(suspects);
        Activities.ForgetOthers(activities);

        // Not before all are read: what goes on may send an event to one whose row was read before, and the timer that it then sets
        // would be overwritten with what the row said.
        foreach (var id in unfinished)
        {
            Post(id, new InstanceMessage.Recover());
        }

        Logger.Recovered(open);
    }

    /// <summary>The process is told to end: whatever ends it, nothing that runs is the cause.</summary>
    public void WithdrawMarks()
    {
        Marks.Withdraw();
        Activities.Withdraw();
    }

    /// <summary>Takes no more turns, and waits for the commits under way.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        WithdrawMarks();
        await _stopping.CancelAsync();
        ExitPump();
        await Task.WhenAny(_pumpsEnded.Task, Task.Delay(patience, Time, CancellationToken.None));
        foreach (var actor in _actors.Values)
        {
            actor.Reject(Stopped());
        }

        _actors.Clear();
        Wakes.Dispose();
        _evictor.Dispose();
        _metrics.Dispose();
        if (_watch is not null)
        {
            await _watch.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        Marks.Dispose();
        Activities.Dispose();
        _stopping.Dispose();
        if (_pumpsEnded.Task.IsCompleted)
        {
            _turns.Dispose();
            _loads.Dispose();
        }
    }

    private void LookAtTurns()
    {
        _turns.Look(TurnLooks);
        _loads.Look(TurnLooks);
    }

    private void OnTurnLost(string instanceId, TurnSlot slot)
    {
        if (_actors.TryGetValue(instanceId, out var actor))
        {
            actor.TakeOver(new TurnOverdueException(slot.Execution!.Identity.Name, TurnTimeout));
        }
    }

    private static ObjectDisposedException Stopped() => new(nameof(RuntimeCore), "The durable runtime is shutting down.");

    private static JsonDataConverter CreateConverter(JsonSerializerOptions configured)
    {
        JsonSerializerOptions options = new(configured);
        if (!options.TypeInfoResolverChain.Any(resolver => resolver is DefaultJsonTypeInfoResolver))
        {
            options.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver());
        }

        options.MakeReadOnly();
        return new JsonDataConverter(options);
    }
}
