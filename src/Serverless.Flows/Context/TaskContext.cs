using Microsoft.Extensions.Logging;

namespace Serverless.Flows;

/// <summary>
/// The attempt that runs a task: take it as a parameter of the task, or read <see cref="Current"/> anywhere below it.
/// </summary>
public sealed class TaskContext
{
    private static readonly AsyncLocal<TaskContext?> CurrentContext = new();

    /// <summary>The context of the task that this code runs in; null outside tasks.</summary>
    public static TaskContext? Current
    {
        get => CurrentContext.Value;
        internal set => CurrentContext.Value = value;
    }

    /// <summary>The flow run that called the task.</summary>
    public required Guid FlowRunId { get; init; }

    /// <summary>The task run; the same in every attempt.</summary>
    public required Guid TaskRunId { get; init; }

    /// <summary>
    /// The attempt's number: 1 at first, 2 in the first retry. An attempt cut off by a crash is made again under its number.
    /// </summary>
    public required int Attempt { get; init; }

    /// <summary>The task run's log.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>Cancelled when the run is cancelled or the attempt's time is up.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>How long this attempt may take; null for no limit. Enforced by <see cref="TaskDefinition.InvokeAsync"/>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// Names the task's effect in other systems: the same in every attempt and every repetition after a crash, different for every
    /// other task run. Task code runs at least once for each attempt; give this key to services that drop repeated requests.
    /// </summary>
    public string IdempotencyKey => TaskRunId.ToString("N");

    /// <summary>The same attempt with another token.</summary>
    internal TaskContext With(CancellationToken cancellationToken) =>
        new()
        {
            FlowRunId = FlowRunId,
            TaskRunId = TaskRunId,
            Attempt = Attempt,
            Logger = Logger,
            CancellationToken = cancellationToken,
            Timeout = Timeout,
        };
}
