using Microsoft.DurableTask;
using Serverless.Core.States;
using Serverless.Functions.FlowRuns;

namespace Serverless.Functions.Engine;

/// <summary>
/// What one orchestration knows of its run: that it may start work, is paused, or is stopped. Used on the orchestration's
/// single thread. The stored run decides; a state change is only the hint to look, since it can come late, early or twice.
/// </summary>
internal sealed class RunWatch(TaskOrchestrationContext context, OwnActivities activities, FlowRunStart start) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _stopped = new();
    private readonly TaskCompletionSource _ended = new();
    private TaskCompletionSource? _closed;
    private Task<PauseResult>? _watching;
    private readonly Dictionary<Guid, TaskCompletionSource> _sleeping = [];
    private readonly HashSet<Guid> _woken = [];
    private CancellationTokenSource? _due;
    private int _heard;
    private bool _isOver;

    /// <summary>True while the run is paused, as far as known.</summary>
    public bool IsClosed => _closed is not null;

    /// <summary>True once an attempt turned out to belong to a deleted run.</summary>
    public bool IsDeleted { get; set; }

    /// <summary>Completes when work may start or the run is stopped; the gate has the last word.</summary>
    public Task WhenOpen => _closed?.Task ?? Task.CompletedTask;

    /// <summary>Cancelled by <see cref="Stop"/>; and once the orchestration is over, for whatever is left of the body.</summary>
    public CancellationToken Stopping => _isOver ? new CancellationToken(canceled: true) : _stopping.Token;

    /// <summary>Completes with <see cref="Stop"/>.</summary>
    public Task Stopped => _stopped.Task;

    /// <summary>Completes when a look at the stored run showed that it has ended, as a paused run does that is out of time.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Somebody gave the run a state other than a stop.</summary>
    public void OnStateChange(StateChange change)
    {
        if (change.TaskRunId is { } taskRunId)
        {
            Wake(taskRunId);
            return;
        }

        _heard++;
        if (change.Type == StateType.Paused)
        {
            _ = WhenResumedAsync();
        }
        else
        {
            Open();
        }
    }

    /// <summary>Waits until the run is not paused any more, as the stored run says.</summary>
    public Task<PauseResult> WhenResumedAsync() => _watching ??= WatchAsync();

    /// <summary>Waits until a time, or until there is a slot for the task run; at most until the run is stopped.</summary>
    public async Task DelayAsync(DateTimeOffset until, Guid taskRunId)
    {
        if (_woken.Remove(taskRunId))
        {
            return;
        }

        TaskCompletionSource woken = new();
        _sleeping[taskRunId] = woken;
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        await Task.WhenAny(context.WaitUntilAsync(until, timer.Token), woken.Task);
        timer.Cancel();
        _sleeping.Remove(taskRunId);
    }

    /// <summary>Waits for work of the body, at most until the run is stopped.</summary>
    /// <exception cref="OperationCanceledException">The run is stopped.</exception>
    public async Task UnlessStopped(Task work)
    {
        if (await Task.WhenAny(work, Stopped) == Stopped && !work.IsCompleted)
        {
            throw new OperationCanceledException("The flow run is stopped.", Stopping);
        }

        await work;
    }

    /// <summary>Starts work, unless the run is stopped: then nothing is asked for any more, however often the body tries.</summary>
    /// <exception cref="OperationCanceledException">The run is stopped.</exception>
    public async Task<T> UnlessStopped<T>(Func<Task<T>> start)
    {
        Stopping.ThrowIfCancellationRequested();
        var work = start();
        await UnlessStopped((Task)work);
        return await work;
    }

    /// <summary>
    /// The gate lets nothing of the run start any more: an orchestration that has not heard of it yet need not ask again.
    /// </summary>
    public void OnRefusal() => _ended.TrySetResult();

    /// <summary>Ends everything that waits; from now on the gate lets nothing start.</summary>
    public void Stop()
    {
        // The token first: what the completed task wakes asks it why.
        try
        {
            _stopping.Cancel();
        }
        catch (AggregateException)
        {
            // Authors' callbacks threw. The others have run all the same.
        }

        _stopped.TrySetResult();
        Open();
    }

    /// <summary>The orchestration is over: it does not end before its timers do, and one of these may be the end of a pause.</summary>
    public void Dispose()
    {
        _isOver = true;
        _due?.Cancel();
        _stopping.Dispose();
    }

    private async Task<PauseResult> WatchAsync()
    {
        while (!_isOver && !_stopping.IsCancellationRequested)
        {
            // Closed before the look, so that a resume that comes meanwhile is not lost.
            _closed ??= new TaskCompletionSource();
            var heard = _heard;
            var result = await LookAsync();
            if (heard != _heard || _isOver)
            {
                continue;
            }

            if (result.Kind != PauseKind.Paused)
            {
                _watching = null;
                Open();
                if (result.Kind != PauseKind.Resumed)
                {
                    _ended.TrySetResult();
                }

                return result;
            }

            using var timer = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            _due = timer;
            var due = result.Until is { } until ? context.WaitUntilAsync(until, timer.Token) : Stopped;
            await Task.WhenAny(WhenOpen, due);
            _due = null;
            timer.Cancel();
        }

        return new PauseResult(PauseKind.Ended, Reason: "The run is stopped.");
    }

    private async Task<PauseResult> LookAsync()
    {
        try
        {
            return await activities.CallAsync<PauseResult>(nameof(ResumeFlowRun), start);
        }
        catch (TaskFailedException failed)
        {
            _ended.TrySetException(failed);
            throw;
        }
    }

    /// <summary>The news may come before the answer that has the task run wait.</summary>
    private void Wake(Guid taskRunId)
    {
        if (_sleeping.TryGetValue(taskRunId, out var sleeping))
        {
            sleeping.TrySetResult();
        }
        else
        {
            _woken.Add(taskRunId);
        }
    }

    private void Open()
    {
        if (_closed is not { } closed)
        {
            return;
        }

        _closed = null;
        closed.SetResult();

        // A task run that waited for a slot has lost its place while the run was paused: it asks again. One that is not due is told to wait
        // on.
        foreach (var sleeping in _sleeping.Values.ToArray())
        {
            sleeping.TrySetResult();
        }
    }
}
