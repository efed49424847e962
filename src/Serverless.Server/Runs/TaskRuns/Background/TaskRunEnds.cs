using System.Collections.Concurrent;

namespace Serverless.Server.Runs;

/// <summary>
/// Wakes who waits for the end of a background task run, if that is written by this process. One that is written elsewhere is found by
/// looking.
/// </summary>
public sealed class TaskRunEnds
{
    private readonly ConcurrentDictionary<Guid, Waiter> _waiters = new();

    /// <summary>Notes somebody who waits; dispose of it when that is over.</summary>
    internal Waiter Watch(Guid taskRunId)
    {
        while (true)
        {
            var waiter = _waiters.GetOrAdd(taskRunId, id => new Waiter(this, id));
            if (waiter.TryEnter())
            {
                return waiter;
            }
        }
    }

    /// <summary>A task run has ended, or was deleted.</summary>
    internal void OnEnded(Guid taskRunId)
    {
        if (_waiters.TryGetValue(taskRunId, out var waiter))
        {
            waiter.Wake();
        }
    }

    /// <summary>All who wait for one task run.</summary>
    internal sealed class Waiter(TaskRunEnds owner, Guid taskRunId) : IDisposable
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _lock = new();
        private int _count;
        private bool _isGone;

        /// <summary>Completes with the end of the task run.</summary>
        public Task Ended => _ended.Task;

        public bool TryEnter()
        {
            lock (_lock)
            {
                _count += _isGone ? 0 : 1;
                return !_isGone;
            }
        }

        public void Wake() => _ended.TrySetResult();

        public void Dispose()
        {
            lock (_lock)
            {
                if (--_count > 0)
                {
                    return;
                }

                _isGone = true;
                owner._waiters.TryRemove(KeyValuePair.Create(taskRunId, this));
            }
        }
    }
}
