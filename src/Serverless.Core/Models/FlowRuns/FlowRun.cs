using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Core.States;

namespace Serverless.Core.Models;

/// <summary>A run of a flow, as stored and as shown (Prefect's FlowRunResponse).</summary>
public sealed record FlowRun
{
    /// <summary>The id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Guid Id { get; init; }

    /// <summary>When it was first stored (UTC).</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it was last changed (UTC).</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>The run's name; generated when its creator gave none.</summary>
    public required string Name { get; init; }

    /// <summary>The flow that is run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Guid FlowId { get; init; }

    /// <summary>The id of <see cref="State"/>.</summary>
    public Guid? StateId { get; init; }

    /// <summary>The deployment that the run was created from.</summary>
    public Guid? DeploymentId { get; init; }

    /// <summary>That deployment's version when the run was created.</summary>
    public string? DeploymentVersion { get; init; }

    /// <summary>The work queue the run waits in.</summary>
    public Guid? WorkQueueId { get; init; }

    /// <summary>That queue's name.</summary>
    public string? WorkQueueName { get; init; }

    /// <summary>The version of the flow's code.</summary>
    public string? FlowVersion { get; init; }

    /// <summary>The flow's parameters by name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Parameters
    {
        get;
        init => field = value ?? JsonObjects.Empty;
    } = JsonObjects.Empty;

    /// <summary>A creator's key: creating again with the same key gives this run.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Whatever the creator wants to keep with the run.</summary>
    public IReadOnlyDictionary<string, JsonElement> Context
    {
        get;
        init => field = value ?? JsonObjects.Empty;
    } = JsonObjects.Empty;

    /// <summary>Retries and the track of pauses.</summary>
    public FlowRunPolicy EmpiricalPolicy
    {
        get;
        init => field = value ?? FlowRunPolicy.Empty;
    } = FlowRunPolicy.Empty;

    /// <summary>The run's tags.</summary>
    public IReadOnlyList<string> Tags
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>The run's labels: strings, numbers or booleans by name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Labels
    {
        get;
        init => field = value ?? JsonObjects.Empty;
    } = JsonObjects.Empty;

    /// <summary>For a subflow: the task run of the parent flow that stands for it.</summary>
    public Guid? ParentTaskRunId { get; init; }

    /// <summary>The type of <see cref="State"/>; null before the first state.</summary>
    public StateType? StateType { get; init; }

    /// <summary>The name of <see cref="State"/>.</summary>
    public string? StateName { get; init; }

    /// <summary>How often the run entered a Running state, resumes not counted.</summary>
    public int RunCount { get; init; }

    /// <summary>When the run was first expected to start (UTC).</summary>
    public DateTimeOffset? ExpectedStartTime { get; init; }

    /// <summary>While Scheduled: when the run is due (UTC).</summary>
    public DateTimeOffset? NextScheduledStartTime { get; init; }

    /// <summary>When the run entered a Running state for the first time (UTC).</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When the run entered its final state (UTC).</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>Seconds spent in Running states that the run has left.</summary>
    public double TotalRunTime { get; init; }

    /// <summary><see cref="TotalRunTime"/> plus the running time so far.</summary>
    /// <remarks>Filled in by <see cref="WithEstimates"/>.</remarks>
    public double EstimatedRunTime { get; init; }

    /// <summary>Lateness in seconds.</summary>
    /// <remarks>Filled in by <see cref="WithEstimates"/>.</remarks>
    public double EstimatedStartTimeDelta { get; init; }

    /// <summary>True when a schedule created the run.</summary>
    public bool AutoScheduled { get; init; }

    /// <summary>The block document with the infrastructure to use.</summary>
    public Guid? InfrastructureDocumentId { get; init; }

    /// <summary>The id of the running infrastructure, as its owner knows it.</summary>
    public string? InfrastructurePid { get; init; }

    /// <summary>Who created the run.</summary>
    public CreatedBy? CreatedBy { get; init; }

    /// <summary>The work pool the run belongs to.</summary>
    public Guid? WorkPoolId { get; init; }

    /// <summary>That pool's name.</summary>
    public string? WorkPoolName { get; init; }

    /// <summary>The current state; null before the first one.</summary>
    public State? State { get; init; }

    /// <summary>Overrides of the infrastructure's variables.</summary>
    public IReadOnlyDictionary<string, JsonElement> JobVariables
    {
        get;
        init => field = value ?? JsonObjects.Empty;
    } = JsonObjects.Empty;

    /// <summary>The run without what may be large, for those who need only its times and the kind of its state.</summary>
    public FlowRun WithoutValues() =>
        this with
        {
            Parameters = JsonObjects.Empty,
            Context = JsonObjects.Empty,
            Labels = JsonObjects.Empty,
            JobVariables = JsonObjects.Empty,
            Tags = [],
            State = State is null ? null : State with { Data = null, Message = null, StateDetails = StateDetails.Empty },
        };

    /// <summary>The run as it is shown at <paramref name="now"/>: with the two estimates that are never stored.</summary>
    public FlowRun WithEstimates(DateTimeOffset now) =>
        this with
        {
            EstimatedRunTime = RunEstimates.RunTime(TotalRunTime, State, now),
            EstimatedStartTimeDelta = RunEstimates.StartTimeDelta(StartTime, ExpectedStartTime, StateType, now),
        };
}
