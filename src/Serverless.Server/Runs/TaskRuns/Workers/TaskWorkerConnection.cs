using Serverless.Core.Models;

namespace Serverless.Server.Runs;

/// <summary>One connection of a task worker; disposing of it is its end.</summary>
internal sealed class TaskWorkerConnection : IDisposable
{
    /// <summary>After how long a worker looks by itself for task runs that another process has put into the queue.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly TaskWorkers _workers;
    private readonly TaskQueue _queue;
    private readonly TimeProvider _time;
    private TaskCompletionSource _awake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _first;

    public TaskWorkerConnection(TaskWorkers workers, TaskQueue queue, TimeProvider time, string clientId, IReadOnlyList<string> taskKeys)
    {
        (_workers, _queue, _time) = (workers, queue, time);
        (ClientId, TaskKeys) = (clientId, taskKeys);
    }

    /// <summary>The worker's name for itself.</summary>
    public string ClientId { get; }

    /// <summary>The tasks whose runs it takes.</summary>
    public IReadOnlyList<string> TaskKeys { get; }

    /// <summary>Waits for the next task run for the worker.</summary>
    public async Task<TaskRun> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // Before the queues are read: what comes into one meanwhile ends the wait.
            TaskCompletionSource awake = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _awake, awake);
            for (var i = 0; i < TaskKeys.Count; i++)
            {
                // The tasks take turns, so that none has to wait until there is nothing to do for another one.
                var place = (_first + i) % TaskKeys.Count;
                if (await TakeAsync(TaskKeys[place], cancellationToken) is { } run)
                {
                    _first = place + 1;
                    return run.WithEstimates(_time.GetUtcNow());
                }
            }

            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(awake.Task, Task.Delay(LookEvery, _time, end.Token));
            await end.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The worker has received a task run.</summary>
    public void Acknowledge(TaskRun run) => _workers.Acknowledge(run.Id, this);

    /// <summary>There may be something to do.</summary>
    internal void Wake() => Volatile.Read(ref _awake).TrySetResult();

    /// <inheritdoc/>
    public void Dispose() => _workers.Disconnect(this);

    private async Task<TaskRun?> TakeAsync(string taskKey, CancellationToken cancellationToken)
    {
        var given = _workers.Given();
        HashSet<Guid> inQueue = [];
        await foreach (var run in _queue.ReadAsync(taskKey, IsFree, cancellationToken))
        {
            if (_workers.TryGive(run, this))
            {
                return run;
            }
        }

        _workers.Forget(taskKey, given, inQueue);
        return null;

        bool IsFree(Guid taskRunId, Guid stateId)
        {
            inQueue.Add(taskRunId);
            return _workers.IsFree(taskRunId, stateId);
        }
    }
}
