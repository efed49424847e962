using System.Collections.ObjectModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Core.States;

namespace Serverless.Core.Models;

/// <summary>A run of a task, as stored and as shown (Prefect's TaskRun).</summary>
public sealed record TaskRun
{
    /// <summary>The id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Guid Id { get; init; }

    /// <summary>When it was first stored (UTC).</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it was last changed (UTC).</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>The run's name.</summary>
    public required string Name { get; init; }

    /// <summary>The flow run that called the task; null outside any flow.</summary>
    public Guid? FlowRunId { get; init; }

    /// <summary>
    /// The flow run that had it run in the background; null for any other task run. It is no part of that flow run, and may outlive it. So
    /// what is stored has no <see cref="FlowRunId"/>, and what is shown has this one.
    /// </summary>
    [JsonIgnore]
    public Guid? DelayedBy { get; init; }

    /// <summary>The flow run that clients see it with.</summary>
    [JsonIgnore]
    public Guid? ShownFlowRunId => FlowRunId ?? DelayedBy;

    /// <summary>The task's stable key.</summary>
    public required string TaskKey { get; init; }

    /// <summary>Tells the calls of one task in one flow run apart.</summary>
    public required string DynamicKey { get; init; }

    /// <summary>Under which key the result may be reused.</summary>
    public string? CacheKey { get; init; }

    /// <summary>Until when the result may be reused (UTC).</summary>
    public DateTimeOffset? CacheExpiration { get; init; }

    /// <summary>The version of the task's code.</summary>
    public string? TaskVersion { get; init; }

    /// <summary>Retries of the task.</summary>
    public TaskRunPolicy EmpiricalPolicy
    {
        get;
        init => field = value ?? TaskRunPolicy.Empty;
    } = TaskRunPolicy.Empty;

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

    /// <summary>The id of <see cref="State"/>.</summary>
    public Guid? StateId { get; init; }

    /// <summary>Where the values of the task's parameters came from.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<TaskRunInput>> TaskInputs
    {
        get;
        init => field = value ?? NoInputs;
    } = NoInputs;

    /// <summary>The type of <see cref="State"/>; null before the first state.</summary>
    public StateType? StateType { get; init; }

    /// <summary>The name of <see cref="State"/>.</summary>
    public string? StateName { get; init; }

    /// <summary>How often the run entered a Running state.</summary>
    public int RunCount { get; init; }

    /// <summary>The run count of the flow run when this run last entered a Running state.</summary>
    public int FlowRunRunCount { get; init; }

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

    /// <summary>The current state; null before the first one.</summary>
    public State? State { get; init; }

    private static readonly IReadOnlyDictionary<string, IReadOnlyList<TaskRunInput>> NoInputs = ReadOnlyDictionary<
        string,
        IReadOnlyList<TaskRunInput>
    >.Empty;

    /// <summary>
    /// The run as it is shown at <paramref name="now"/>: with the two estimates that are never stored, and with
    /// <see cref="ShownFlowRunId"/>.
    /// </summary>
    public TaskRun WithEstimates(DateTimeOffset now) =>
        this with
        {
            FlowRunId = ShownFlowRunId,
            EstimatedRunTime = RunEstimates.RunTime(TotalRunTime, State, now),
            EstimatedStartTimeDelta = RunEstimates.StartTimeDelta(StartTime, ExpectedStartTime, StateType, now),
        };
}
