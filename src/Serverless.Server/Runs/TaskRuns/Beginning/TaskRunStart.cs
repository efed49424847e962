using System.Collections.ObjectModel;
using Serverless.Core.Models;

namespace Serverless.Server.Runs;

/// <summary>One attempt of a task, about to start. Also describes the task run for when it does not exist yet.</summary>
public sealed record TaskRunStart
{
    /// <summary>The flow run that calls the task; null for a background task run, which is there already.</summary>
    public required Guid? FlowRunId { get; init; }

    /// <summary>The task run's stable id.</summary>
    public required Guid TaskRunId { get; init; }

    /// <summary>The task run's name.</summary>
    public required string Name { get; init; }

    /// <summary>The task's stable key.</summary>
    public required string TaskKey { get; init; }

    /// <summary>Tells the calls of one task in one flow run apart.</summary>
    public required string DynamicKey { get; init; }

    /// <summary>The version of the task's code.</summary>
    public string? TaskVersion { get; init; }

    /// <summary>Retries of the task.</summary>
    public TaskRunPolicy EmpiricalPolicy { get; init; } = TaskRunPolicy.Empty;

    /// <summary>The run's tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Where the values of the task's parameters came from.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<TaskRunInput>> TaskInputs { get; init; } =
        ReadOnlyDictionary<string, IReadOnlyList<TaskRunInput>>.Empty;

    /// <summary>
    /// The orchestration to tell when the task run waits for slots of its tags and gets one; null for one that asks again by itself.
    /// </summary>
    public string? Instance { get; init; }

    /// <summary>How the task run's result is cached; null for one that is not.</summary>
    public TaskRunCaching? Caching { get; init; }

    /// <summary>The assets that its result stands for if it is a cached one; null for those that the task always makes.</summary>
    public IReadOnlyList<TaskRunAsset>? CachedAssets { get; init; }

    /// <summary>What the start rests on: the orchestration that calls the task drives the flow run still.</summary>
    public required FlowRunBasis Basis { get; init; }
}
