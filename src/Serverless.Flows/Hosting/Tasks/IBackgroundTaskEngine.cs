namespace Serverless.Flows.Hosting;

/// <summary>
/// What stores background task runs, and knows them. Implemented by the hosts; authors use <see cref="IBackgroundTasks"/>.
/// </summary>
public interface IBackgroundTaskEngine
{
    /// <summary>The clock of waits.</summary>
    TimeProvider Time { get; }

    /// <summary>Creates a run, or finds the one of the same task and key; returns when it is stored durably.</summary>
    /// <param name="invocation">The call.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The task run's id.</returns>
    /// <exception cref="InvalidOperationException">Somebody else has a task run of that task and key.</exception>
    Task<Guid> DelayAsync(BackgroundInvocation invocation, CancellationToken cancellationToken);

    /// <summary>A run as it is now; null when there is no such run of this app.</summary>
    /// <param name="taskRunId">The task run.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<BackgroundTaskState?> GetAsync(Guid taskRunId, CancellationToken cancellationToken);

    /// <summary>Waits until a run has ended; null when there is no such run of this app, or it is deleted meanwhile.</summary>
    /// <param name="taskRunId">The task run.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<BackgroundTaskState?> WaitAsync(Guid taskRunId, CancellationToken cancellationToken);

    /// <summary>Reads the value of a task from its result storage, as JSON.</summary>
    /// <param name="stored">Where it lies.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoredResultException">It is not there any more.</exception>
    /// <exception cref="PayloadLimitException">It is too large.</exception>
    Task<string> ReadStoredAsync(StoredResult stored, CancellationToken cancellationToken);
}
