using Serverless.Core.States;
using Serverless.Storage;

namespace Serverless.Server.Runs.Writing;

/// <summary>A task run that is created, or takes further states.</summary>
internal sealed record TaskRunChange
{
    /// <summary>The task run as its row is; null for a new one.</summary>
    public TaskRunAttempt? Before { get; init; }

    /// <summary>The task run as it is to be, but for its history.</summary>
    public required TaskRunAttempt After { get; init; }

    /// <summary>The states that it takes, in order.</summary>
    public required IReadOnlyList<State> Written { get; init; }

    /// <summary>The result that comes with the last of them; null for none.</summary>
    public string? ResultJson { get; init; }

    /// <summary>The states that are to lie in rows of their own from now on: <see cref="RunWriter"/> sets them.</summary>
    public IReadOnlyList<State> Moved { get; init; } = [];

    /// <summary>Further operations on the partition.</summary>
    public IReadOnlyList<RowOperation> With { get; init; } = [];

    /// <summary>Rows of other partitions that follow from the states.</summary>
    public IReadOnlyList<RowOperation> Derived { get; init; } = [];

    /// <summary>True when work is to begin with it: a new task run, one that runs, one that leaves its end.</summary>
    public bool Opens =>
        Before is null
        || After.TaskRun.StateType == StateType.Running
        || (Before.TaskRun.StateType?.IsFinal() == true && After.TaskRun.StateType?.IsFinal() != true);
}
