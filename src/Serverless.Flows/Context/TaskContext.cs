using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>
/// The attempt that runs a task. Code of a task, and what it calls, reads <see cref="Current"/>; a parameter of this type is filled in,
/// too.
/// </summary>
public sealed class TaskContext
{
    private static readonly AsyncLocal<TaskContext?> CurrentContext = new();

    /// <summary>A context for a host, or for a unit test.</summary>
    public TaskContext()
        : this(new AttemptKeys(), new RunAssets()) { }

    private TaskContext(AttemptKeys keys, RunAssets assets)
    {
        _keys = keys;
        Assets = assets;
    }

    /// <summary>The context of the task that this code runs in. It follows <c>await</c> and <see cref="Task.Run(Action)"/>.</summary>
    /// <exception cref="InvalidOperationException">The code does not run in a task: a flow has its <see cref="FlowContext"/>.</exception>
    public static TaskContext Current =>
        CurrentOrNull
        ?? throw new InvalidOperationException(
            "TaskContext.Current is read outside a task. It exists while a [Task] runs that a flow called; a flow uses its FlowContext. "
                + "A unit test enters one: using (new TaskContext().Enter()) { … }"
        );

    private readonly AttemptKeys _keys;

    /// <summary>The flow run that called the task; the empty id in the background, outside any flow.</summary>
    public Guid FlowRunId { get; init; }

    /// <summary>The task run; the same in every attempt.</summary>
    public Guid TaskRunId { get; init; }

    /// <summary>
    /// The attempt's number: 1 at first, 2 in the first retry. An attempt cut off by a crash is made again under its number.
    /// </summary>
    public int Attempt { get; init; } = 1;

    /// <summary>The task run's name; empty in a context that a unit test made without one.</summary>
    public string TaskRunName { get; init; } = "";

    /// <summary>The task run's tags: those that the task declares, and those of the call.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>When the run first entered Running (UTC); null in a context that a unit test made without it.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>What the context asks of the server: for hosts, and for unit tests that have a double for it.</summary>
    public ITaskServices Services { get; init; } = NoServices.Instance;

    /// <summary>Writes artifacts of the task run, also while it runs.</summary>
    public RunArtifacts Artifacts => new(Services);

    /// <summary>Reads and writes variables.</summary>
    public RunVariables Variables => new(Services);

    /// <summary>The assets that the attempt makes, to which its code can add metadata.</summary>
    public RunAssets Assets { get; }

    /// <summary>Takes slots of concurrency limits and rate limits.</summary>
    public RunConcurrency Concurrency => new(this);

    /// <summary>
    /// Runs tasks in the background. An attempt that is made again after a crash gets the runs that it has asked for already, if it
    /// asks for the same tasks with the same arguments.
    /// </summary>
    public IBackgroundTasks BackgroundTasks => Services.BackgroundTasks;

    /// <summary>The task run's log; records nothing in a context that a unit test made without one.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Cancelled when the run is cancelled or the attempt's time is up.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>How long this attempt may take; null for no limit. Enforced by <see cref="TaskDefinition.InvokeAsync"/>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// Names the task's effect in other systems: the same in every attempt and every repetition after a crash, different for every
    /// other task run. Task code runs at least once for each attempt; give this key to services that drop repeated requests.
    /// </summary>
    public string IdempotencyKey => TaskRunId.ToString("N");

    /// <summary>Reads the flow run that called the task: its name, parameters, tags and scheduled time, as they are stored now.</summary>
    /// <returns>The flow run; null when somebody has deleted it, and in the background.</returns>
    public Task<FlowRunInfo?> GetFlowRunAsync() => Services.GetFlowRunAsync(CancellationToken);

    internal static TaskContext? CurrentOrNull => CurrentContext.Value;

    /// <summary>Makes this the <see cref="Current"/> context: for unit tests that call a task's method themselves.</summary>
    /// <returns>Brings the former one back when it is disposed of.</returns>
    public IDisposable Enter() => new Entered(this);

    /// <summary>The key of a background task run that the attempt asks for.</summary>
    internal string KeyOf(TaskDefinition task, string argumentsJson) => _keys.Next(TaskRunId, Attempt, task.Key, argumentsJson);

    /// <summary>The same attempt with another token.</summary>
    internal TaskContext With(CancellationToken cancellationToken) =>
        new(_keys, Assets)
        {
            FlowRunId = FlowRunId,
            TaskRunId = TaskRunId,
            Attempt = Attempt,
            Logger = Logger,
            CancellationToken = cancellationToken,
            Timeout = Timeout,
            TaskRunName = TaskRunName,
            Tags = Tags,
            StartTime = StartTime,
            Services = Services,
        };

    private sealed class Entered : IDisposable
    {
        private readonly TaskContext? _before = CurrentContext.Value;

        internal Entered(TaskContext context) => CurrentContext.Value = context;

        public void Dispose() => CurrentContext.Value = _before;
    }
}
