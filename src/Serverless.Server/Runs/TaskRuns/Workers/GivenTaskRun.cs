namespace Serverless.Server.Runs;

/// <summary>A background task run that a worker has been given and has not begun yet.</summary>
/// <param name="StateId">The state in which it waited. In another one it may be given again.</param>
/// <param name="TaskKey">The task.</param>
/// <param name="Connection">The worker's connection.</param>
internal sealed record GivenTaskRun(Guid StateId, string TaskKey, TaskWorkerConnection Connection)
{
    /// <summary>Whether the worker has said that it received the task run.</summary>
    public bool IsAcknowledged { get; init; }

    /// <summary>When others may have it; null while the connection stands.</summary>
    public DateTimeOffset? Until { get; init; }
}
