using FsCheck;
using FsCheck.Fluent;
using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions.Properties;

/// <summary>What holds of a task run after any sequence of proposals, under any policies, at any times.</summary>
public sealed class TaskGatePropertyTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(500);

    [Fact]
    public void AnyProposals_RowIsTheFoldOfItsHistory() =>
        ForAll(
            TaskStep.AllPolicies,
            found =>
            {
                var play = found.Play();
                var (run, fold) = (play.Run, HistoryFold.Of(play.History));

                run.State.ShouldBe(play.States.LastOrDefault());
                run.RunCount.ShouldBe(fold.RunCount);
                run.FlowRunRunCount.ShouldBe(play.Attempt);
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
            TaskStep.AllPolicies,
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
            TaskStep.AllPolicies,
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
                            outcome.CacheEntry.ShouldBeNull();
                            outcome.Queueing.ShouldBe(TaskQueueing.None);
                        }
                    }
                )
        );

    [Fact]
    public void AnyProposals_SlotsAreHeldOnlyWhileItRuns() =>
        ForAll(
            TaskStep.AllPolicies,
            found =>
                found.Play(
                    (step, play, outcome) =>
                    {
                        if (outcome.Lease is not null)
                        {
                            outcome.Run.StateType!.Value.ShouldBeOneOf(StateType.Running, StateType.Cancelling);
                        }

                        if (play.Lease is null && outcome.Lease is not null)
                        {
                            step.Taken.ShouldBeLessThan(2);
                        }
                    }
                )
        );

    [Fact]
    public void AnyProposals_TheSameAgain_IsDecidedTheSame() =>
        ForAll(
            TaskStep.AllPolicies,
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
            TaskStep.AllPolicies,
            found =>
                found.Play(
                    (step, play, _) =>
                    {
                        var facts = play.FactsOf(step) with { Ids = new SameId(), Random = new Random(1) };
                        var needs = step.Policy.Needs(play.Run.State, step.Proposal);
                        var all = TaskRunGate.Evaluate(play.Run, step.Proposal, facts, step.Policy);
                        var some = TaskRunGate.Evaluate(
                            play.Run,
                            step.Proposal,
                            facts with
                            {
                                Random = new Random(1),
                                TagLimits = needs.HasFlag(TransitionNeeds.TagLimits) ? facts.TagLimits : null,
                                Cached = needs.HasFlag(TransitionNeeds.CachedState) ? facts.Cached : null,
                            },
                            step.Policy
                        );
                        OutcomeText.Of(some).ShouldBe(OutcomeText.Of(all));
                    }
                )
        );

    [Fact]
    public void AnyProposalsOfTheEngine_NothingStartsUnlessTheFlowRuns() =>
        ForAll(
            [CoreTaskPolicy.Instance, EngineTaskPolicy.Instance],
            found =>
                found.Play(
                    (step, _, outcome) =>
                        (outcome.Written?.Type == StateType.Running && step.FlowRunType != StateType.Running).ShouldBeFalse()
                )
        );

    [Fact]
    public void AnyProposalsOfTheEngine_FinalIsLeftOnlyInALaterAttemptOfTheFlow() =>
        ForAll(
            [EngineTaskPolicy.Instance],
            found =>
                found.Play(
                    (step, play, outcome) =>
                    {
                        if (play.Run.StateType?.IsFinal() is true && outcome.Written is not null)
                        {
                            step.Attempt.ShouldBeGreaterThan(play.Run.FlowRunRunCount);
                            step.Proposal.Type.IsFinal().ShouldBeFalse();
                        }
                    }
                )
        );

    private static void ForAll(TaskTransitionPolicy[] policies, Action<TaskCase> property) =>
        Check.One(Many, Prop.ForAll(TaskCase.Under(policies), property));
}
