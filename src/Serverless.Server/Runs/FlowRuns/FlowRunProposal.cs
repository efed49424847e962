using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>States proposed for one flow run, and what is to be written with them.</summary>
internal sealed record FlowRunProposal
{
    public required Guid FlowRunId { get; init; }

    /// <summary>The states in order; the first that is not accepted ends the row.</summary>
    public required IReadOnlyList<ProposedState> States { get; init; }

    public required TransitionOrigin Origin { get; init; }

    public bool Force { get; init; }

    /// <summary>True for a run that nobody picked up in time: it becomes Late, by rules of its own.</summary>
    public bool IsLate { get; init; }

    /// <summary>The version of the Prefect client that proposes; null for anybody else.</summary>
    public ClientVersion? Client { get; init; }

    /// <summary>What the proposal rests on: read before, and to be true still.</summary>
    public required FlowRunBasis Basis { get; init; }

    /// <summary>The result to store when the last state is accepted.</summary>
    public string? ResultJson { get; init; }

    /// <summary>
    /// True when the run waits for slots in turn: its orchestration asks for one. Clients ask again and again, and are not told.
    /// </summary>
    public bool IsQueued(StoredFlowRun stored) => Origin == TransitionOrigin.Orchestrator && stored.Registered;

    /// <summary>Further rows of the run's partition, written when the last state is accepted.</summary>
    public IReadOnlyList<RowOperation> WithAccepted { get; init; } = [];
}
