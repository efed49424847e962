using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Server.Runs;

/// <summary>
/// The task workers that are connected to this process, and the background task runs that they have been given. A task run stays in the
/// queue of its task, which is stored, until its worker begins it. While the worker that has it is connected, nobody else is given it.
/// </summary>
internal sealed class TaskWorkers(TaskQueue queue, TimeProvider time)
{
    /// <summary>
    /// For how long the task runs that a worker has acknowledged stay with it after its connection was lost. It may be about to begin them.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, GivenTaskRun> _given = [];
    private readonly List<TaskWorkerConnection> _connections = [];

    /// <summary>How many connections there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>A worker has connected.</summary>
    /// <param name="clientId">Its name for itself: connections of one worker have the same.</param>
    /// <param name="taskKeys">The tasks whose runs it takes.</param>
    public TaskWorkerConnection Connect(string clientId, IEnumerable<string> taskKeys)
    {
        TaskWorkerConnection connection = new(this, queue, time, clientId, [.. taskKeys.Distinct(StringComparer.Ordinal)]);
        lock (_lock)
        {
            _connections.Add(connection);
        }

        return connection;
    }

    /// <summary>The workers that are connected, by their names.</summary>
    /// <param name="taskKeys">Only those that take runs of one of these tasks; null or none for all.</param>
    public IReadOnlyList<TaskWorker> List(IReadOnlyList<string>? taskKeys)
    {
        var now = WireClock.Now(time);
        lock (_lock)
        {
            return
            [
                .. _connections
                    .GroupBy(connection => connection.ClientId, StringComparer.Ordinal)
                    .Select(worker => new TaskWorker
                    {
                        Identifier = worker.Key,
                        TaskKeys = [.. worker.SelectMany(connection => connection.TaskKeys).Distinct(StringComparer.Ordinal)],
                        Timestamp = now,
                    })
                    .Where(worker => taskKeys is not { Count: > 0 } || worker.TaskKeys.Intersect(taskKeys, StringComparer.Ordinal).Any())
                    .OrderBy(worker => worker.Identifier, StringComparer.Ordinal),
            ];
        }
    }

    /// <summary>A task run's state has been written: it may be in the queue now, or may have left it.</summary>
    public void OnWritten(TaskRun run, State? before)
    {
        if (IsQueued(run.State))
        {
            foreach (var connection in Connections().Where(connection => connection.TaskKeys.Contains(run.TaskKey)))
            {
                connection.Wake();
            }
        }
        else if (IsQueued(before))
        {
            lock (_lock)
            {
                _given.Remove(run.Id);
            }
        }
    }

    /// <summary>Whether a task run in a state may be given to a connection now.</summary>
    internal bool IsFree(Guid taskRunId, Guid stateId)
    {
        lock (_lock)
        {
            return !_given.TryGetValue(taskRunId, out var given) || given.StateId != stateId || given.Until <= time.GetUtcNow();
        }
    }

    /// <summary>Gives a task run to a connection; false when another one was faster.</summary>
    internal bool TryGive(TaskRun run, TaskWorkerConnection connection)
    {
        lock (_lock)
        {
            if (!IsFree(run.Id, run.StateId ?? Guid.Empty))
            {
                return false;
            }

            _given[run.Id] = new GivenTaskRun(run.StateId ?? Guid.Empty, run.TaskKey, connection);
            return true;
        }
    }

    /// <summary>The worker has received the task run.</summary>
    internal void Acknowledge(Guid taskRunId, TaskWorkerConnection connection)
    {
        lock (_lock)
        {
            if (_given.TryGetValue(taskRunId, out var given) && given.Connection == connection)
            {
                _given[taskRunId] = given with { IsAcknowledged = true };
            }
        }
    }

    /// <summary>Forgets what was given of a task's queue and is not in it any more.</summary>
    /// <param name="taskKey">The task.</param>
    /// <param name="known">What had been given before the queue was read.</param>
    /// <param name="inQueue">What was in the queue.</param>
    internal void Forget(string taskKey, IReadOnlyList<Guid> known, IReadOnlySet<Guid> inQueue)
    {
        lock (_lock)
        {
            foreach (var id in known.Where(id => !inQueue.Contains(id)))
            {
                if (_given.TryGetValue(id, out var given) && given.TaskKey == taskKey)
                {
                    _given.Remove(id);
                }
            }
        }
    }

    /// <summary>The task runs that have been given to workers.</summary>
    internal IReadOnlyList<Guid> Given()
    {
        lock (_lock)
        {
            return [.. _given.Keys];
        }
    }

    /// <summary>
    /// A worker has gone. What it has not acknowledged is for others at once, the rest after a while: nobody can tell a worker that
    /// connects again from one that was started again under the same name.
    /// </summary>
    internal void Disconnect(TaskWorkerConnection connection)
    {
        lock (_lock)
        {
            _connections.Remove(connection);
            foreach ((var id, var given) in _given.Where(each => each.Value.Connection == connection).ToList())
            {
                if (given.IsAcknowledged)
                {
                    _given[id] = given with { Until = time.GetUtcNow() + Grace };
                }
                else
                {
                    _given.Remove(id);
                }
            }
        }

        foreach (var each in Connections())
        {
            each.Wake();
        }
    }

    private List<TaskWorkerConnection> Connections()
    {
        lock (_lock)
        {
            return [.. _connections];
        }
    }

    private static bool IsQueued(State? state) => state is { Type: StateType.Scheduled, StateDetails.Deferred: true };
}
