using FsCheck;
using FsCheck.Fluent;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions.Properties;

/// <summary>What rules leave behind that another one overrules or that come to a throw, in whatever order they stand.</summary>
public sealed class OverruledRulesPropertyTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(500);

    private static readonly ITransitionRule<FlowRunTransition>[] Rules =
    [
        .. FlowStep.AllPolicies.SelectMany(policy => policy.Policy.Rules).DistinctBy(rule => rule.Name),
    ];

    private static readonly Gen<Action<Transition>> Verdicts = Gen.Elements<Action<Transition>>(
        transition => transition.Reject("no"),
        transition => transition.Abort("no"),
        transition => transition.Wait(7, "later"),
        transition => transition.Reject(ProposedStates.Cancelled("instead"), "instead"),
        transition => transition.Reject(ProposedStates.AwaitingRetry(transition.In(5)), "instead")
    );

    [Fact]
    public void AnyRules_Overruled_LeaveWhatTheLastRuleAloneWouldHaveLeft() =>
        ForAll(
            (found, rules, verdict) =>
                found.Play(
                    (step, play, _) =>
                    {
                        Intruder last = new(verdict);
                        var overruled = Evaluate(step, play, [.. rules, last]);
                        if (!last.IsAsked || overruled.Written?.Type == step.Proposal.Type)
                        {
                            // Another rule was first, or nobody is overruled.
                            return;
                        }

                        var alone = Evaluate(step, play, [.. rules.Where(rule => rule.IsTransform), last]);
                        OutcomeText.Of(overruled).ShouldBe(OutcomeText.Of(alone));
                        (overruled.Written is null).ShouldBe(ReferenceEquals(overruled.Run, play.Run));
                    }
                )
        );

    [Fact]
    public void AnyRules_OneThrows_TheRunIsAsItWasAndTheOthersKnowNothingOfIt() =>
        ForAll(
            (found, rules, _) =>
                found.Play(
                    (step, play, _) =>
                    {
                        var before = OutcomeText.Of(play.Run);
                        var expected = OutcomeText.Of(Evaluate(step, play, rules));
                        foreach (var moment in new[] { Moment.Before, Moment.After })
                        {
                            Intruder thrower = new(_ => throw new InvalidTimeZoneException(), moment);
                            if (rules.Length == 0 || !Throws(() => Evaluate(step, play, [thrower, .. rules])))
                            {
                                continue;
                            }

                            OutcomeText.Of(play.Run).ShouldBe(before);
                            OutcomeText.Of(Evaluate(step, play, rules)).ShouldBe(expected);
                        }
                    }
                )
        );

    private static void ForAll(Action<FlowCase, ITransitionRule<FlowRunTransition>[], Action<Transition>> property) =>
        Check.One(
            Many.WithEndSize(25),
            Prop.ForAll(
                FlowCase.Under(FlowStep.AllPolicies),
                Gen.Shuffle(Rules).SelectMany(rules => Gen.Choose(0, rules.Length).Select(count => rules[..count])).ToArbitrary(),
                Verdicts.ToArbitrary(),
                property
            )
        );

    private static TransitionOutcome<FlowRun> Evaluate(FlowStep step, FlowPlay play, ITransitionRule<FlowRunTransition>[] rules) =>
        FlowRunGate.Evaluate(
            play.Run,
            step.Proposal,
            play.FactsOf(step) with
            {
                Ids = new SameId(),
            },
            new FlowTransitionPolicy("shuffled", rules)
        );

    private static bool Throws(Func<object> evaluate)
    {
        try
        {
            evaluate();
            return false;
        }
        catch (InvalidTimeZoneException)
        {
            return true;
        }
    }

    private enum Moment
    {
        Before,
        After,
    }

    private sealed class Intruder(Action<Transition> act, Moment moment = Moment.Before)
        : TransitionRule<FlowRunTransition>(StateTypes.AnyOrNone, StateTypes.Any)
    {
        public bool IsAsked { get; private set; }

        public override void Before(FlowRunTransition transition)
        {
            IsAsked = true;
            if (moment == Moment.Before)
            {
                act(transition);
            }
        }

        public override void After(FlowRunTransition transition)
        {
            if (moment == Moment.After)
            {
                act(transition);
            }
        }
    }
}
