using Serverless.Core.Models;

namespace Serverless.Server.Runs;

/// <summary>
/// What a proposal of the app's own rests on: something that was read of a flow run before. When that no longer holds, the answer is
/// <see cref="GateAnswer.Moved"/> or <see cref="GateAnswer.Superseded"/>, and nothing is written. Code outside this project cannot propose
/// without one.
/// </summary>
public sealed record FlowRunBasis
{
    private FlowRunBasis() { }

    /// <summary>For what somebody asks for right now, in whatever state the run is: the rules alone decide.</summary>
    internal static FlowRunBasis None { get; } = new();

    internal bool IsOfState { get; private init; }

    internal Guid? StateId { get; private init; }

    internal int? Generation { get; private init; }

    internal int? RunCount { get; private init; }

    /// <summary>The run is in the state still in which it was read.</summary>
    public static FlowRunBasis StateOf(FlowRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return InState(run.StateId);
    }

    /// <summary>The run is driven by the same orchestration still, and in the same attempt of its body.</summary>
    /// <param name="generation">Of the orchestration.</param>
    /// <param name="runCount">The run's count in that attempt.</param>
    public static FlowRunBasis Attempt(int generation, int runCount) => new() { Generation = generation, RunCount = runCount };

    /// <summary>The run is driven by the same orchestration still.</summary>
    public static FlowRunBasis Orchestration(int generation) => new() { Generation = generation };

    internal static FlowRunBasis InState(Guid? stateId) => new() { IsOfState = true, StateId = stateId };

    internal bool IsSuperseded(StoredFlowRun stored) => Generation is { } generation && generation != stored.Generation;

    /// <summary>True when the run is as the proposal has it.</summary>
    internal bool Holds(StoredFlowRun stored) =>
        !IsSuperseded(stored) && (!IsOfState || StateId == stored.Run.StateId) && (RunCount is null || RunCount == stored.Run.RunCount);
}
