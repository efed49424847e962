using System.Text.Json;
using Serverless.Core.States;

namespace Serverless.Core.Models;

/// <summary>
/// What the event of a task run says of the run: member <c>task_run</c> of its payload. What a report leaves out stays as it is.
/// </summary>
public sealed record TaskRunReport
{
    /// <inheritdoc cref="TaskRun.Name"/>
    public string? Name { get; init; }

    /// <inheritdoc cref="TaskRun.TaskKey"/>
    public required string TaskKey { get; init; }

    /// <inheritdoc cref="TaskRun.DynamicKey"/>
    public required string DynamicKey { get; init; }

    /// <inheritdoc cref="TaskRun.CacheKey"/>
    public string? CacheKey { get; init; }

    /// <inheritdoc cref="TaskRun.CacheExpiration"/>
    public DateTimeOffset? CacheExpiration { get; init; }

    /// <inheritdoc cref="TaskRun.TaskVersion"/>
    public string? TaskVersion { get; init; }

    /// <inheritdoc cref="TaskRun.EmpiricalPolicy"/>
    public TaskRunPolicy? EmpiricalPolicy { get; init; }

    /// <inheritdoc cref="TaskRun.Tags"/>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <inheritdoc cref="TaskRun.Labels"/>
    public IReadOnlyDictionary<string, JsonElement>? Labels { get; init; }

    /// <inheritdoc cref="TaskRun.TaskInputs"/>
    public IReadOnlyDictionary<string, IReadOnlyList<TaskRunInput>>? TaskInputs { get; init; }

    /// <inheritdoc cref="TaskRun.RunCount"/>
    public int? RunCount { get; init; }

    /// <inheritdoc cref="TaskRun.FlowRunRunCount"/>
    public int? FlowRunRunCount { get; init; }

    /// <inheritdoc cref="TaskRun.ExpectedStartTime"/>
    public DateTimeOffset? ExpectedStartTime { get; init; }

    /// <inheritdoc cref="TaskRun.NextScheduledStartTime"/>
    public DateTimeOffset? NextScheduledStartTime { get; init; }

    /// <inheritdoc cref="TaskRun.StartTime"/>
    public DateTimeOffset? StartTime { get; init; }

    /// <inheritdoc cref="TaskRun.EndTime"/>
    public DateTimeOffset? EndTime { get; init; }

    /// <inheritdoc cref="TaskRun.TotalRunTime"/>
    public double? TotalRunTime { get; init; }

    /// <summary>A task run after the report.</summary>
    /// <param name="before">The task run as it was.</param>
    /// <param name="state">The state that the report is about.</param>
    public TaskRun ApplyTo(TaskRun before, State state)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(state);
        return before with
        {
            Name = string.IsNullOrEmpty(Name) ? before.Name : Name,
            CacheKey = CacheKey ?? before.CacheKey,
            CacheExpiration = CacheExpiration ?? before.CacheExpiration,
            TaskVersion = TaskVersion ?? before.TaskVersion,
            EmpiricalPolicy = EmpiricalPolicy ?? before.EmpiricalPolicy,
            Tags = Tags ?? before.Tags,
            TaskInputs =
                TaskInputs?.ToDictionary(
                    input => input.Key,
                    IReadOnlyList<TaskRunInput> (input) => [.. input.Value.Select(item => item.Normalized())]
                )
                ?? before.TaskInputs,
            RunCount = RunCount ?? before.RunCount,
            FlowRunRunCount = FlowRunRunCount ?? before.FlowRunRunCount,
            ExpectedStartTime = ExpectedStartTime ?? before.ExpectedStartTime,
            NextScheduledStartTime = NextScheduledStartTime,
            StartTime = StartTime ?? before.StartTime,
            EndTime = EndTime,
            TotalRunTime = TotalRunTime ?? before.TotalRunTime,
            StateId = state.Id,
            StateType = state.Type,
            StateName = state.Name,
            State = state,
        };
    }
}
