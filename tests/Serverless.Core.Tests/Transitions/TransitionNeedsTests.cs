using Serverless.Core.Models;
using Serverless.Core.Tests.Transitions.Tables;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions;

/// <summary>Facts that a policy does not ask for make no difference to what it decides.</summary>
public sealed class TransitionNeedsTests
{
    public static TheoryData<FlowTransitionPolicy> FlowPolicies =>
        [CoreFlowPolicy.Instance, MinimalFlowPolicy.Instance, MarkLateRunsPolicy.Instance, EngineFlowPolicy.Instance];

    public static TheoryData<TaskTransitionPolicy> TaskPolicies =>
        [
            CoreTaskPolicy.Instance,
            ClientSideTaskOrchestrationPolicy.Instance,
            BackgroundTaskPolicy.Instance,
            MinimalTaskPolicy.Instance,
            EngineTaskPolicy.Instance,
        ];

    [Theory]
    [MemberData(nameof(FlowPolicies))]
    public void Needs_FactsNotNeededByFlowPolicy_ChangeNothing(FlowTransitionPolicy policy)
    {
        foreach (var given in FlowCases.Variants.SelectMany(FlowCases.Of))
        {
            var needs = policy.Needs(given.Run.State, given.Proposed, given.Facts.Client);
            Outcome(Asked(given, needs)).ShouldBe(Outcome(given), $"{given.From} -> {given.To}");
        }

        string Outcome(TransitionCase<FlowRun, FlowTransitionFacts> given) =>
            OutcomeText.Of(given, FlowRunGate.Evaluate(given.Run, given.Proposed, given.Facts, policy));

        static TransitionCase<FlowRun, FlowTransitionFacts> Asked(
            TransitionCase<FlowRun, FlowTransitionFacts> given,
            TransitionNeeds needs
        ) => needs.HasFlag(TransitionNeeds.Deployment) ? given : given with { Facts = given.Facts with { Deployment = null } };
    }

    [Theory]
    [MemberData(nameof(TaskPolicies))]
    public void Needs_FactsNotNeededByTaskPolicy_ChangeNothing(TaskTransitionPolicy policy)
    {
        foreach (var given in TaskCases.Variants.SelectMany(TaskCases.Of))
        {
            var needs = policy.Needs(given.Run.State, given.Proposed);
            Outcome(Asked(given, needs)).ShouldBe(Outcome(given), $"{given.From} -> {given.To}");
        }

        string Outcome(TransitionCase<TaskRun, TaskTransitionFacts> given) =>
            OutcomeText.Of(given, TaskRunGate.Evaluate(given.Run, given.Proposed, given.Facts, policy));

        static TransitionCase<TaskRun, TaskTransitionFacts> Asked(
            TransitionCase<TaskRun, TaskTransitionFacts> given,
            TransitionNeeds needs
        ) =>
            given with
            {
                Facts = given.Facts with
                {
                    TagLimits = needs.HasFlag(TransitionNeeds.TagLimits) ? given.Facts.TagLimits : null,
                    Cached = needs.HasFlag(TransitionNeeds.CachedState) ? given.Facts.Cached : null,
                },
            };
    }
}
