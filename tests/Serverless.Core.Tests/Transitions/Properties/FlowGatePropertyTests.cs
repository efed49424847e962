using FsCheck;
using FsCheck.Fluent;
using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions.Properties;

/// <summary>What holds of a flow run after any sequence of proposals, under any policies, at any times.</summary>
public sealed class FlowGatePropertyTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(500);

    [Fact]
    public void AnyProposals_RowIsTheFoldOfItsHistory() =>
        ForAll(
            FlowStep.AllPolicies,
            found =>
            {
                var play = found.Play();
                var (run, fold) = (play.Run, HistoryFold.Of(play.History));

                run.State.ShouldBe(play.States.LastOrDefault());
                run.RunCount.ShouldBe(fold.RunCount);
                run.TotalRunTime.ShouldBe(fold.TotalRunTime, tolerance: 1e-6);
                run.StartTime.ShouldBe(fold.StartTime);
                run.EndTime.ShouldBe(fold.EndTime);
                run.ExpectedStartTime.ShouldBe(fold.ExpectedStartTime);
                run.NextScheduledStartTime.ShouldBe(fold.NextScheduledStartTime);
            }
        );

    [Fact]
    public void AnyProposals_TimestampsIncreaseStrictly() =>
        ForAll(
            FlowStep.AllPolicies,
            found =>
            {
                var states = found.Play().States.ToArray();
                states.Zip(states.Skip(1)).ShouldAllBe(pair => pair.First.Timestamp < pair.Second.Timestamp);
                states.Select(state => state.Id).ShouldBeUnique();
            }
        );

    [Fact]
    public void AnyProposals_RefusalsChangeNothing() =>
        ForAll(
            FlowStep.AllPolicies,
            found =>
                found.Play(
                    (_, play, outcome) =>
                    {
                        (outcome.Written is null).ShouldBe(ReferenceEquals(outcome.Run, play.Run));
                        outcome.Current.ShouldBe(outcome.Run.State);
                        (outcome.Reason is null).ShouldBe(outcome.Status == SetStateStatus.Accept);
                        if (outcome.Written is null)
                        {
                            outcome.Lease.ShouldBeSameAs(play.Lease);
                            outcome.Change.ShouldBeNull();
                        }
                        else
                        {
                            outcome.Change.ShouldNotBeNull().Validated.ShouldBe(outcome.Written);
                        }
                    }
                )
        );

    [Fact]
    public void AnyProposals_SlotsAreHeldOnlyWhileSomethingRuns() =>
        ForAll(
            FlowStep.AllPolicies,
            found =>
                found.Play(
                    (_, _, outcome) =>
                    {
                        if (outcome.Lease is not null)
                        {
                            outcome.Run.StateType!.Value.ShouldBeOneOf(StateType.Pending, StateType.Running, StateType.Cancelling);
                        }
                    }
                )
        );

    [Fact]
    public void AnyProposals_TheSameAgain_IsDecidedTheSame() =>
        ForAll(
            FlowStep.AllPolicies,
            found =>
            {
                List<string> first = [];
                List<string> second = [];
                found.Play((_, _, outcome) => first.Add(OutcomeText.Of(outcome)));
                found.Play((_, _, outcome) => second.Add(OutcomeText.Of(outcome)));
                second.ShouldBe(first);
            }
        );

    [Fact]
    public void AnyProposals_FactsThatAreNotNeeded_DecideNothing() =>
        ForAll(
            FlowStep.AllPolicies,
            found =>
                found.Play(
                    (step, play, _) =>
                    {
                        var facts = play.FactsOf(step) with { Ids = new SameId() };
                        var needed = step.Policy.Needs(play.Run.State, step.Proposal, step.Client).HasFlag(TransitionNeeds.Deployment);
                        var all = FlowRunGate.Evaluate(play.Run, step.Proposal, facts, step.Policy);
                        var some = FlowRunGate.Evaluate(
                            play.Run,
                            step.Proposal,
                            facts with
                            {
                                Deployment = needed ? facts.Deployment : null,
                            },
                            step.Policy
                        );
                        OutcomeText.Of(some).ShouldBe(OutcomeText.Of(all));
                    }
                )
        );

    [Fact]
    public void AnyProposals_RepeatedWithTheirTransitionIds_ChangeNothing() =>
        ForAll(
            [CoreFlowPolicy.Instance, EngineFlowPolicy.Instance],
            found =>
                found.Play(
                    (step, play, _) =>
                    {
                        var proposal = step.Proposal with
                        {
                            StateDetails = step.Proposal.StateDetails with { TransitionId = Guid.NewGuid() },
                        };
                        var first = FlowRunGate.Evaluate(play.Run, proposal, play.FactsOf(step), step.Policy);
                        if (first.Status == SetStateStatus.Accept)
                        {
                            var second = FlowRunGate.Evaluate(
                                first.Run,
                                proposal,
                                play.FactsOf(step) with
                                {
                                    Lease = first.Lease,
                                },
                                step.Policy
                            );
                            second.Written.ShouldBeNull();
                            second.Run.ShouldBeSameAs(first.Run);
                            second.Current.ShouldBe(first.Written);
                            second.Lease.ShouldBeSameAs(first.Lease);
                        }
                    }
                )
        );

    [Fact]
    public void AnyProposalsOfTheEngine_NothingFollowsAFinalState() =>
        ForAll([EngineFlowPolicy.Instance], found => found.Play().States.SkipLast(1).ShouldAllBe(state => !state.Type.IsFinal()));

    [Fact]
    public void AnyProposalsOfClients_FinalIsLeftOnlyForARerun() =>
        ForAll(
            [CoreFlowPolicy.Instance],
            found =>
            {
                var states = found.Play().States.ToArray();
                foreach (var (before, after) in states.Zip(states.Skip(1)).Where(pair => pair.First.Type.IsFinal()))
                {
                    StateType[] allowed =
                    [
                        StateType.Completed,
                        StateType.Failed,
                        StateType.Cancelled,
                        StateType.Running,
                        .. before.Type == StateType.Cancelled ? Array.Empty<StateType>() : [StateType.Pending],
                        .. found.Deployed ? [StateType.Scheduled] : Array.Empty<StateType>(),
                    ];
                    after.Type.ShouldBeOneOf(allowed);
                    if (before is { Type: StateType.Completed, Data: not null })
                    {
                        after.Type.IsFinal().ShouldBeTrue();
                        (after.Type == StateType.Completed && after.Data is null).ShouldBeFalse();
                    }
                }
            }
        );

    [Fact]
    public void AnyProposalsUnlessForced_CancellingEndsAsCancelled() =>
        ForAll(
            [CoreFlowPolicy.Instance, EngineFlowPolicy.Instance],
            found =>
            {
                var states = found.Play().States.ToArray();
                states
                    .Zip(states.Skip(1))
                    .Where(pair => pair.First.Type == StateType.Cancelling)
                    .ShouldAllBe(pair => pair.Second.Type == StateType.Cancelled);
            }
        );

    [Fact]
    public void AnyProposalsUnlessForced_RetriesAreNotExceeded() =>
        ForAll(
            [EngineFlowPolicy.Instance],
            found =>
                found.Play().States.Count(state => state.Name == StateNames.AwaitingRetry).ShouldBeLessThanOrEqualTo(found.Retries ?? 0)
        );

    private static void ForAll(FlowTransitionPolicy[] policies, Action<FlowCase> property) =>
        Check.One(Many, Prop.ForAll(FlowCase.Under(policies), property));
}
