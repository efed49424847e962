using Serverless.Core.States;
using Serverless.Server.Outbox;
using Serverless.Storage;

namespace Serverless.Server.Runs.Writing;

/// <summary>A flow run that is created, takes further states, or is deleted.</summary>
internal sealed record FlowRunChange
{
    /// <summary>The run as its row is; null for a new one.</summary>
    public StoredFlowRun? Before { get; init; }

    /// <summary>The run as it is to be, but for its history; null when it is deleted.</summary>
    public StoredFlowRun? After { get; init; }

    /// <summary>The states that it takes, in order.</summary>
    public IReadOnlyList<State> Written { get; init; } = [];

    /// <summary>The result that comes with the last of them; null for none.</summary>
    public string? ResultJson { get; init; }

    /// <summary>The states that are to lie in rows of their own from now on: <see cref="RunWriter"/> sets them.</summary>
    public IReadOnlyList<State> Moved { get; init; } = [];

    /// <summary>Further operations on the run's partition.</summary>
    public IReadOnlyList<RowOperation> With { get; init; } = [];

    /// <summary>Rows of other partitions that follow from the states.</summary>
    public IReadOnlyList<RowOperation> Derived { get; init; } = [];

    /// <summary>What is to happen once it is written.</summary>
    public IReadOnlyList<OutboxEntry> Entries { get; init; } = [];

    /// <summary>Either of the two.</summary>
    public StoredFlowRun Either => After ?? Before!;
}
