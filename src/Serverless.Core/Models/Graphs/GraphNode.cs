using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Serverless.Core.States;

namespace Serverless.Core.Models;

/// <summary>A task run or subflow run of a graph (Prefect's Node).</summary>
public sealed record GraphNode
{
    /// <summary>The kind of a subflow run.</summary>
    public const string FlowRunKind = "flow-run";

    /// <summary>The kind of a task run.</summary>
    public const string TaskRunKind = "task-run";

    /// <summary><c>flow-run</c> or <c>task-run</c>.</summary>
    [AllowedValues(FlowRunKind, TaskRunKind)]
    public required string Kind { get; init; }

    /// <summary>The id of the run.</summary>
    public required Guid Id { get; init; }

    /// <summary>The task run's name; of a subflow run the flow's name and its own.</summary>
    public required string Label { get; init; }

    /// <summary>The type of its state.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required StateType? StateType { get; init; }

    /// <summary>When it started, or is expected to (UTC).</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>When it ended (UTC).</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>The nodes whose results it takes.</summary>
    public required IReadOnlyList<GraphEdge> Parents { get; init; }

    /// <summary>The nodes that take its result.</summary>
    public required IReadOnlyList<GraphEdge> Children { get; init; }

    /// <summary>The nodes whose code called it.</summary>
    public required IReadOnlyList<GraphEdge> Encapsulating { get; init; }

    /// <summary>Its artifacts.</summary>
    public required IReadOnlyList<GraphArtifact> Artifacts { get; init; }
}
