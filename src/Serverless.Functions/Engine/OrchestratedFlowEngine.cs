using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Serverless.Core.States;
using Serverless.Core.Text;
using Serverless.Flows;
using Serverless.Flows.Hosting;
using Serverless.Functions.FlowRuns;
using Serverless.Functions.Inputs;
using Serverless.Functions.TaskRuns;
using Serverless.Functions.Transactions;

namespace Serverless.Functions.Engine;

/// <summary>
/// Carries out the calls of a flow body with durable operations. Lives in one orchestration, on its single thread;
/// everything that waits also ends when the run is stopped, so that a cancelled body unwinds.
/// </summary>
internal sealed partial class OrchestratedFlowEngine : IFlowEngine, IDisposable
{
    /// <summary>How long a stopped run waits for its tasks and subflows to end.</summary>
    internal static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(30);

    /// <summary>Batches of maps that are under way at once: more tasks than an instance runs, and no more than it can well hold.</summary>
    internal const int MaxOpenBatches = 20;

    private readonly TaskOrchestrationContext _context;
    private readonly OwnActivities _activities;
    private readonly FlowRunStart _start;
    private readonly RunWatch _watch;
    private readonly RecordedCalls _calls;
    private readonly FlowRegistry _flows;
    private readonly FlowResults? _results;
    private readonly HashSet<Task> _outstanding = [];
    private readonly HashSet<string> _batches = [];
    private readonly BatchWindow _window = new(MaxOpenBatches);
    private readonly HashSet<FlowRunStart> _subflows = [];
    private readonly TaskCompletionSource<string> _gaveUp = new();
    private readonly TransactionSteps _transactions;
    private readonly InputMailbox _inputs;
    private int _batchCount;

    public OrchestratedFlowEngine(
        TaskOrchestrationContext context,
        OwnActivities activities,
        FlowRunStart start,
        FlowRunInfo run,
        FlowRegistry flows,
        FlowResults? results,
        ILogger logger
    )
    {
        _calls = new RecordedCalls(activities, run.FlowRunId, flows);
        _flows = flows;
        _results = results;
        _context = context;
        _activities = activities;
        _start = start;
        _watch = new RunWatch(context, activities, start);
        _transactions = new TransactionSteps(context, activities, start, run.RunCount, _watch, _calls, logger);
        _inputs = new InputMailbox(context, _calls, start, _watch);
        Run = run;
        Logger = logger;
    }

    public FlowRunInfo Run { get; }

    public DateTimeOffset UtcNow => new(_context.CurrentUtcDateTime, TimeSpan.Zero);

    public ILogger Logger { get; }

    public CancellationToken CancellationToken => _watch.Stopping;

    public ITransactionEngine Transactions => _transactions;

    public IInputEngine Inputs => _inputs;

    /// <summary>Completes when the run turns out to have ended, without an event that says so.</summary>
    public Task Ended => _watch.Ended;

    /// <summary>Completes with the reason when the body continues without waiting and is abandoned.</summary>
    public Task<string> GaveUp => _gaveUp.Task;

    /// <summary>Completes with what is different when the flow's code has changed since the run began.</summary>
    public Task<string> Changed => _calls.Changed;

    public Guid NewGuid() => _context.NewGuid();

    public Task<CallOutcome> CallTaskAsync(TaskInvocation invocation) =>
        _watch.UnlessStopped(() =>
        {
            var call = Track(TaskRunLoop.RunAsync(_activities, Settings(invocation), Item(invocation), _watch, _calls));
            invocation.Observe?.Invoke(CallBatch.Of(call).Outcomes);
            return call;
        });

    public async Task SleepAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_watch.Stopping, cancellationToken);
        try
        {
            await _watch.UnlessStopped(_context.WaitAsync(duration, either.Token));
        }
        catch (OperationCanceledException ended) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The sleep is cancelled.", ended, cancellationToken);
        }
    }

    public async Task<string> ReadStoredAsync(StoredResult stored)
    {
        var answer = await _watch.UnlessStopped(() =>
            _calls.AskAsync<StoredResult, StoredResultAnswer>(nameof(ReadStoredResult), stored, $"{stored.Storage}/{stored.StorageKey}")
        );
        return answer switch
        {
            { Json: { } json } => json,
            { IsTooLarge: true } => throw PayloadLimitException.Of(
                $"The result of task '{stored.TaskKey}' in result storage '{stored.Storage}', key '{stored.StorageKey}'",
                length: null,
                PayloadLimitException.MaxCharacters,
                "Do not await it: pass future.AsArgument() to a task, which reads it from there."
            ),
            _ => throw StoredResultException.Of(answer.Gone ?? "The value is gone."),
        };
    }

    public void GiveUp(string reason)
    {
        Logger.LogError("The flow run has ended: {Reason}", reason);
        _gaveUp.TrySetResult(reason);
    }

    /// <summary>A state that somebody else gave the run, and not a stop; or news of an input.</summary>
    public void OnStateChange(StateChange change)
    {
        if (change.Input is true)
        {
            _inputs.OnNews();
            return;
        }

        _watch.OnStateChange(change);
        if (change.TaskRunId is null)
        {
            TellBatches(change);
        }
    }

    /// <summary>Waits until the run is not paused any more, or is stopped.</summary>
    public Task WhenResumedAsync() => _watch.UnlessStopped((Task)_watch.WhenResumedAsync());

    /// <summary>
    /// Unwinds the body, stops what it started and gives that a moment to end. The run's state, which the gate goes by, has to
    /// say already that nothing may start any more.
    /// </summary>
    public async Task StopAsync()
    {
        _watch.Stop();
        TellBatches(new StateChange(StateType.Cancelling));
        await Task.WhenAll(_subflows.ToList().Select(CancelAsync));
        if (_outstanding.Count > 0)
        {
            using CancellationTokenSource timer = new();
            var grace = _context.WaitAsync(StopGrace, timer.Token);
            await Task.WhenAny(Task.WhenAll(_outstanding.ToList()), grace);
            timer.Cancel();
        }

        await _transactions.StopAsync(leavesCalls: _outstanding.Count > 0);
        EndTaskRunsInput? step = new(_start);
        while (step is not null)
        {
            var ended = await _activities.CallAsync<EndTaskRunsResult>(nameof(EndTaskRuns), step);
            step = ended.Next is { } next ? step with { After = next } : null;
        }
    }

    /// <summary>
    /// Gives up what a body that has ended left open. An orchestration ends, or continues as new, only when nothing is open any more: a
    /// sleep that nobody awaits would hold up the calling flow, or the next attempt.
    /// </summary>
    public void Abandon()
    {
        _watch.Stop();
        TellBatches(new StateChange(StateType.Cancelling));
    }

    /// <summary>Ends what waits, for an orchestration that fails: its timers would keep it open.</summary>
    public void Leave() => _watch.Stop();

    /// <summary>Writes the author's exception to the run's log.</summary>
    public void LogFailure(Exception error) =>
        Logger.LogError(error, "Encountered exception during execution: {Reason}", ExceptionText.MessageOf(error));

    /// <summary>Writes to the run's log what else went wrong.</summary>
    public void LogCrash(Exception error, ProposedState crashed) => Logger.LogError(error, "Crash detected! {Reason}", crashed.Message);

    public void Dispose() => _watch.Dispose();

    private static TaskRunItem Item(TaskInvocation invocation) =>
        new(
            invocation.DynamicKey,
            invocation.ArgumentsJson,
            invocation.RunName,
            invocation.Upstream.Count == 0 ? null : invocation.Upstream
        )
        {
            CacheKey = invocation.CacheKey,
            Stored = invocation.Stored,
        };

    private TaskRunSettings Settings(TaskInvocation invocation) =>
        new(Run.FlowRunId, _start.Generation, Run.RunCount, invocation.Task.Key, invocation.Retry, invocation.Timeout)
        {
            Tags = invocation.Tags is { Count: > 0 } tags ? tags : null,
            Caching = invocation.Caching,
            Results = _flows.ResultsOf(_results, invocation.Task, invocation.Caching),
        };

    private Task<T> Track<T>(Task<T> work)
    {
        if (!work.IsCompleted)
        {
            _outstanding.Add(work);
            _ = ForgetWhenDone(work);
        }

        return work;
    }

    private async Task ForgetWhenDone(Task work)
    {
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _outstanding.Remove(work);
    }
}
