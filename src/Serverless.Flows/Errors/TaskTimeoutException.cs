namespace Serverless.Flows;

/// <summary>An attempt of a task took longer than its timeout. Its token is cancelled; code that ignores the token is abandoned.</summary>
/// <param name="task">The task's name.</param>
/// <param name="timeout">The limit.</param>
public sealed class TaskTimeoutException(string task, TimeSpan timeout)
    : TimeoutException($"Task run of '{task}' exceeded timeout of {timeout.TotalSeconds:0.###} second(s)")
{
    /// <summary>The limit that was exceeded.</summary>
    public TimeSpan Timeout { get; } = timeout;
}
