using Microsoft.Extensions.Logging;

namespace Serverless.LocalRuntime;

/// <summary>What the runtime logs.</summary>
internal static partial class RuntimeLog
{
    [LoggerMessage(1, LogLevel.Information, "Durable runtime: {Open} open instances found.")]
    public static partial void Recovered(this ILogger logger, int open);

    [LoggerMessage(
        2,
        LogLevel.Error,
        "Instance '{InstanceId}': the store cannot write its commit now; the turn is retried from the stored rows."
    )]
    public static partial void StoreUnavailable(this ILogger logger, string instanceId, Exception exception);

    [LoggerMessage(13, LogLevel.Error, "Instance '{InstanceId}': its turn failed; it is retried from the stored rows.")]
    public static partial void TurnFailed(this ILogger logger, string instanceId, Exception exception);

    [LoggerMessage(14, LogLevel.Critical, "Instance '{InstanceId}' fails: it could not continue.")]
    public static partial void InstanceBroken(this ILogger logger, string instanceId, Exception exception);

    [LoggerMessage(
        15,
        LogLevel.Critical,
        "Instance '{InstanceId}' fails. Its code occupies a thread of this process until it returns or the process ends: {Reason}"
    )]
    public static partial void TurnOverdue(this ILogger logger, string instanceId, string reason);

    [LoggerMessage(3, LogLevel.Critical, "Instance '{InstanceId}' is stopped until the next restart.")]
    public static partial void InstanceFaulted(this ILogger logger, string instanceId, Exception exception);

    [LoggerMessage(4, LogLevel.Error, "Instance '{InstanceId}' fails: {Reason}")]
    public static partial void NotDeterministic(this ILogger logger, string instanceId, string reason);

    [LoggerMessage(5, LogLevel.Error, "Timer function '{Function}' failed.")]
    public static partial void TimerFailed(this ILogger logger, string function, Exception exception);

    [LoggerMessage(6, LogLevel.Warning, "Queue function '{Function}' failed on a message of '{Queue}' (attempt {Attempt}).")]
    public static partial void MessageFailed(this ILogger logger, string function, string queue, int attempt, Exception exception);

    [LoggerMessage(
        7,
        LogLevel.Error,
        "A message of queue '{Queue}' is dropped as a poison message after {Attempts} attempts of '{Function}'."
    )]
    public static partial void MessagePoisoned(this ILogger logger, string queue, int attempts, string function, Exception exception);

    [LoggerMessage(
        8,
        LogLevel.Information,
        "Functions: {Orchestrators} orchestrators, {Activities} activities, {Timers} timers, {Queues} queue triggers; HTTP triggers left "
            + "to the web server: {Http}."
    )]
    public static partial void Discovered(this ILogger logger, int orchestrators, int activities, int timers, int queues, string http);

    [LoggerMessage(
        9,
        LogLevel.Warning,
        "Queue function '{Function}' failed on message {MessageId} of '{Queue}' (dequeue count {DequeueCount}); it is retried."
    )]
    public static partial void StoredMessageFailed(
        this ILogger logger,
        string function,
        string messageId,
        string queue,
        long dequeueCount,
        Exception exception
    );

    [LoggerMessage(
        10,
        LogLevel.Error,
        "Queue function '{Function}': message {MessageId} is moved to '{Queue}-poison' (dequeue count {DequeueCount}): {Reason}"
    )]
    public static partial void StoredMessagePoisoned(
        this ILogger logger,
        string function,
        string messageId,
        string queue,
        long dequeueCount,
        string reason,
        Exception? exception
    );

    [LoggerMessage(11, LogLevel.Error, "Queue '{Queue}' cannot be reached; polling continues until it can: {Reason}")]
    public static partial void QueueAway(this ILogger logger, string queue, string reason);

    [LoggerMessage(12, LogLevel.Warning, "Queue '{Queue}' can be reached again.")]
    public static partial void QueueBack(this ILogger logger, string queue);

    [LoggerMessage(16, LogLevel.Critical, "Instance '{InstanceId}' is no longer run: {Reason}")]
    public static partial void SetAside(this ILogger logger, string instanceId, string reason);

    [LoggerMessage(18, LogLevel.Critical, "An activity of instance '{InstanceId}' is no longer run: {Reason}")]
    public static partial void ActivitySetAside(this ILogger logger, string instanceId, string reason);

    [LoggerMessage(
        17,
        LogLevel.Warning,
        "Running code can no longer be noted, so code that repeatedly ends the process will not be stopped."
    )]
    public static partial void MarksAway(this ILogger logger, Exception exception);
}
