using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Serverless.Core.States;

/// <summary>What is known about a state beyond its type, name and message.</summary>
public sealed record StateDetails
{
    /// <summary>The most causes of an error that a state tells of.</summary>
    public const int MaxInnerErrorTypes = 10;

    /// <summary>The flow run the state belongs to (of a task run's state: the flow run it is part of).</summary>
    public Guid? FlowRunId { get; init; }

    /// <summary>
    /// The task run the state belongs to (of a subflow's state: the parent's task run that stands for it).
    /// </summary>
    public Guid? TaskRunId { get; init; }

    /// <summary>Of the state of a task run that stands for a subflow: the subflow's run.</summary>
    public Guid? ChildFlowRunId { get; init; }

    /// <summary>When a Scheduled run is due (UTC); carried over to Pending.</summary>
    public DateTimeOffset? ScheduledTime { get; init; }

    /// <summary>Under which key the result may be reused.</summary>
    [StringLength(64 * 1024)]
    public string? CacheKey { get; init; }

    /// <summary>Until when the result may be reused (UTC).</summary>
    public DateTimeOffset? CacheExpiration { get; init; }

    /// <summary>True for a task that a task worker runs.</summary>
    public bool? Deferred
    {
        get;
        init => field = value ?? false;
    } = false;

    /// <summary>True when the result's origin cannot be tracked.</summary>
    public bool UntrackableResult { get; init; }

    /// <summary>When a paused run fails unless resumed (UTC).</summary>
    public DateTimeOffset? PauseTimeout { get; init; }

    /// <summary>True for a suspended run: it holds no infrastructure and is rescheduled to resume.</summary>
    public bool PauseReschedule { get; init; }

    /// <summary>The pause's key; each key pauses a run's attempt once.</summary>
    public string? PauseKey { get; init; }

    /// <summary>Where the input that a pause asks for is described and stored.</summary>
    public IReadOnlyDictionary<string, string>? RunInputKeyset { get; init; }

    /// <summary>True to recompute a cached result.</summary>
    public bool? RefreshCache { get; init; }

    /// <summary>False when a failure must not be retried.</summary>
    public bool? Retriable { get; init; }

    /// <summary>A caller's id for the transition: proposing it twice writes one state.</summary>
    public Guid? TransitionId { get; init; }

    /// <summary>Where a task worker finds the task's parameters.</summary>
    public Guid? TaskParametersId { get; init; }

    /// <summary>The W3C trace context the state was made in.</summary>
    public string? Traceparent { get; init; }

    /// <summary>The lease that holds the run's slot of its deployment's limit.</summary>
    public Guid? DeploymentConcurrencyLeaseId { get; init; }

    /// <summary>Of a failure: the full name of the .NET exception that the code threw. Ours; not on Prefect's wire, which ignores
    /// it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ErrorType { get; init; }

    /// <summary>The types of the exceptions that caused that one, outermost first; null for none. Ours, as above.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [MaxLength(MaxInnerErrorTypes)]
    public IReadOnlyList<string>? InnerErrorTypes { get; init; }

    /// <summary>No details.</summary>
    public static StateDetails Empty { get; } = new();

    /// <summary>Only what is known about the error: what a retry, whose own details are others, keeps of the failure.</summary>
    internal StateDetails OfError => ErrorType is null ? Empty : new() { ErrorType = ErrorType, InnerErrorTypes = InnerErrorTypes };
}
