using FsCheck;
using FsCheck.Fluent;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions.Properties;

/// <summary>One proposal of a random sequence, and what is found besides the task run then.</summary>
/// <param name="Proposal">The state.</param>
/// <param name="Policy">The rules.</param>
/// <param name="Seconds">How far the clock moves before; clocks also step back.</param>
/// <param name="FlowRunType">The state of the flow run.</param>
/// <param name="Attempt">The run count of the flow run.</param>
/// <param name="Taken">How many of the tag's two slots are taken.</param>
/// <param name="Cached">What is cached under the proposed state's key; null for nothing.</param>
internal sealed record TaskStep(
    ProposedState Proposal,
    TaskTransitionPolicy Policy,
    int Seconds,
    StateType FlowRunType,
    int Attempt,
    int Taken,
    CachedTaskState? Cached
)
{
    /// <summary>All policies of task runs.</summary>
    public static readonly TaskTransitionPolicy[] AllPolicies =
    [
        CoreTaskPolicy.Instance,
        EngineTaskPolicy.Instance,
        ClientSideTaskOrchestrationPolicy.Instance,
        BackgroundTaskPolicy.Instance,
        MinimalTaskPolicy.Instance,
    ];

    public static readonly Gen<ProposedState> Proposals = Gen.Elements(
        ProposedStates.Scheduled(GateBench.Start.AddSeconds(20)),
        With(ProposedStates.Scheduled(), new StateDetails { Deferred = true }),
        ProposedStates.AwaitingRetry(null),
        ProposedStates.Pending(),
        ProposedStates.Submitting(),
        ProposedStates.Running(),
        ProposedStates.Running(),
        With(ProposedStates.Running(), new StateDetails { CacheKey = "key" }),
        ProposedStates.Paused(),
        ProposedStates.Cancelling(),
        ProposedStates.Cancelled(),
        ProposedStates.Completed(),
        With(ProposedStates.Completed(), new StateDetails { CacheKey = "key" }),
        With(ProposedStates.Completed(), new StateDetails { CacheKey = new string('k', 2001) }),
        ProposedStates.Completed() with
        {
            Data = GateBench.Json("""{"type":"reference"}"""),
        },
        ProposedStates.Failed(),
        With(ProposedStates.Failed(), new StateDetails { Retriable = false }),
        ProposedStates.Crashed()
    );

    private static readonly CachedTaskState Hit = new(
        new State
        {
            Id = Guid.Empty,
            Type = StateType.Completed,
            Name = StateNames.Completed,
            Timestamp = GateBench.Start,
        },
        GateBench.Start.AddSeconds(30)
    );

    public static Gen<TaskStep> Under(params TaskTransitionPolicy[] policies) =>
        from proposal in Proposals
        from policy in Gen.Elements(policies)
        from seconds in Gen.Choose(-3, 20)
        from flowRun in Gen.Frequency((9, Gen.Constant(StateType.Running)), (1, Gen.Elements(StateType.Paused, StateType.Cancelling)))
        from attempt in Gen.Choose(1, 2)
        from taken in Gen.Choose(0, 2)
        from cached in Gen.Elements(null, Hit)
        select new TaskStep(proposal, policy, seconds, flowRun, attempt, taken, cached);

    public override string ToString() =>
        $"{Seconds:+0;-0} s: {Proposal.Name} under {Policy}, flow run {FlowRunType} {Attempt}, {Taken} slots taken, "
        + $"{(Cached is null ? "not " : "")}cached";

    private static ProposedState With(ProposedState state, StateDetails details) =>
        state with
        {
            StateDetails = details with { ScheduledTime = state.StateDetails.ScheduledTime },
        };
}
