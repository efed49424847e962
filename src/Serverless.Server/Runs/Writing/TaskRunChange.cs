using Serverless.Core.States;
using Serverless.Server.Outbox;
using Serverless.Storage;

namespace Serverless.Server.Runs.Writing;

/// <summary>A task run that is created, takes further states, or is deleted.</summary>
internal sealed record TaskRunChange
{
    /// <summary>The task run as its row is; null for a new one.</summary>
    public TaskRunAttempt? Before { get; init; }

    /// <summary>The task run as it is to be, but for its history; null when it is deleted.</summary>
    public TaskRunAttempt? After { get; init; }

    /// <summary>The states that it takes, in order.</summary>
    public IReadOnlyList<State> Written { get; init; } = [];

    /// <summary>The result that comes with the last of them; null for none.</summary>
    public string? ResultJson { get; init; }

    /// <summary>
    /// The states that are to lie in rows of their own from now on. <see cref="RunWriter"/> sets them if there are <see cref="Written"/>
    /// ones.
    /// </summary>
    public IReadOnlyList<State> Moved { get; init; } = [];

    /// <summary>Further operations on the partition.</summary>
    public IReadOnlyList<RowOperation> With { get; init; } = [];

    /// <summary>Rows of other partitions that follow from the states.</summary>
    public IReadOnlyList<RowOperation> Derived { get; init; } = [];

    /// <summary>What is to happen once it is written.</summary>
    public IReadOnlyList<OutboxEntry> Entries { get; init; } = [];

    /// <summary>Either of the two.</summary>
    public TaskRunAttempt Either => After ?? Before!;

    /// <summary>True when work is to begin with it: a new task run, one that runs, one that leaves its end.</summary>
    public bool Opens =>
        After is { TaskRun.StateType: var entered }
        && (Before is not { TaskRun.StateType: var left } || entered == StateType.Running || (IsFinal(left) && !IsFinal(entered)));

    private static bool IsFinal(StateType? type) => type?.IsFinal() == true;
}
