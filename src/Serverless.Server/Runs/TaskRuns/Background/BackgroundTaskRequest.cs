using Serverless.Core.Models;

namespace Serverless.Server.Runs;

/// <summary>A run of a task of this app that is wanted outside any flow.</summary>
public sealed record BackgroundTaskRequest
{
    /// <summary>The task's key.</summary>
    public required string TaskKey { get; init; }

    /// <summary>Tells the runs of the task apart: with the same key, there is one run. At most 1,024 characters; null for a key of its
    /// own.</summary>
    public string? DynamicKey { get; init; }

    /// <summary>The run's name; null for a generated one.</summary>
    public string? Name { get; init; }

    /// <summary>When it is to start (UTC); null for at once.</summary>
    public DateTimeOffset? ScheduledTime { get; init; }

    /// <summary>The version of the task's code.</summary>
    public string? TaskVersion { get; init; }

    /// <summary>Retries of the task.</summary>
    public TaskRunPolicy EmpiricalPolicy { get; init; } = TaskRunPolicy.Empty;

    /// <summary>The flow run that asks for it, whose run it is shown as; null for none.</summary>
    public Guid? DelayedBy { get; init; }

    /// <summary>The run's tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The runs that the arguments come from, by parameter; null for none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<TaskRunInput>>? TaskInputs { get; init; }

    /// <summary>What the attempts need: the text is theirs.</summary>
    public required string Input { get; init; }
}
