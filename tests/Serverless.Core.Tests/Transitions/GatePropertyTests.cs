using FsCheck;
using FsCheck.Fluent;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions;

/// <summary>What holds after any sequence of proposals, at any times.</summary>
public sealed class GatePropertyTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(2_000);

    private static readonly ProposedState[] Proposals =
    [
        ProposedStates.Scheduled(GateBench.Start.AddSeconds(20)), ProposedStates.Late(null), ProposedStates.Pending(),
        ProposedStates.Submitting(), ProposedStates.Running(), ProposedStates.Paused(GateBench.Start.AddSeconds(60), "key"),
        ProposedStates.Paused(), ProposedStates.Suspended(), ProposedStates.Resuming(), ProposedStates.Cancelling(),
        ProposedStates.Cancelled(), ProposedStates.Completed(), ProposedStates.Failed(), ProposedStates.TimedOut(),
        ProposedStates.Crashed(),
    ];

    private static Arbitrary<Step[]> Steps => (
        from proposal in Gen.Elements(Proposals)
        from seconds in Gen.Choose(-3, 20)
        select new Step(proposal, seconds)).ArrayOf().ToArbitrary();

    [Fact]
    public void FlowRun_AnyProposals_RowIsTheFoldOfItsHistory() => Check.One(Many, Prop.ForAll(Steps, steps =>
    {
        var (run, history) = PlayFlow(steps, CoreFlowPolicy.Instance, new FlowRunPolicy { Retries = 1 });
        var fold = HistoryFold.Of(history, countResumes: false);

        run.State.ShouldBe(history.LastOrDefault());
        run.RunCount.ShouldBe(fold.RunCount);
        run.TotalRunTime.ShouldBe(fold.TotalRunTime, tolerance: 1e-6);
        run.StartTime.ShouldBe(fold.StartTime);
        run.EndTime.ShouldBe(fold.EndTime);
        run.NextScheduledStartTime.ShouldBe(fold.NextScheduledStartTime);
    }));

    [Fact]
    public void FlowRun_AnyProposals_TimestampsIncreaseStrictly() => Check.One(Many, Prop.ForAll(Steps, steps =>
    {
        var (_, history) = PlayFlow(steps, CoreFlowPolicy.Instance, FlowRunPolicy.Empty);
        history.Zip(history.Skip(1)).ShouldAllBe(pair => pair.First.Timestamp < pair.Second.Timestamp);
        history.Select(state => state.Id).ShouldBeUnique();
    }));

    [Fact]
    public void FlowRun_AnyProposalsOfTheEngine_NothingFollowsAFinalState() => Check.One(Many, Prop.ForAll(Steps, steps =>
    {
        var (_, history) = PlayFlow(steps, EngineFlowPolicy.Instance, new FlowRunPolicy { Retries = 1 });
        history.SkipLast(1).ShouldAllBe(state => !state.Type.IsFinal());
    }));

    [Fact]
    public void FlowRun_AnyProposals_NoWorkAfterFinalExceptAsRerun() => Check.One(Many, Prop.ForAll(Steps, steps =>
    {
        var (_, history) = PlayFlow(steps, CoreFlowPolicy.Instance, FlowRunPolicy.Empty);
        foreach (var (before, after) in history.Zip(history.Skip(1)).Where(pair => pair.First.Type.IsFinal()))
        {
            after.Type.ShouldNotBeOneOf(StateType.Paused, StateType.Cancelling, StateType.Crashed);
            if (before.Type == StateType.Cancelled)
            {
                after.Type.ShouldNotBe(StateType.Pending);
            }
        }
    }));

    [Fact]
    public void FlowRun_AnyProposals_RefusalsChangeNothing() => Check.One(Many, Prop.ForAll(Steps, steps =>
    {
        var bench = new GateBench { Now = GateBench.Start };
        var run = bench.FlowRun(deployed: true);
        foreach (var step in steps)
        {
            bench.Now = bench.Now.AddSeconds(step.Seconds);
            var outcome = bench.Propose(run, step.Proposal);
            (outcome.Written is null).ShouldBe(ReferenceEquals(outcome.Run, run));
            outcome.Current.ShouldBe(outcome.Run.State);
            (outcome.Reason is null).ShouldBe(outcome.Status == SetStateStatus.Accept);
            run = outcome.Run;
        }
    }));

    [Fact]
    public void TaskRun_AnyProposals_RowIsTheFoldOfItsHistory() => Check.One(Many, Prop.ForAll(Steps, steps =>
    {
        var bench = new GateBench { Now = GateBench.Start };
        var flowRun = bench.FlowRun(ProposedStates.Running());
        var run = bench.TaskRun(policy: new TaskRunPolicy { Retries = 2 }, flowRun: flowRun);
        var history = new List<State>();
        foreach (var step in steps)
        {
            bench.Now = bench.Now.AddSeconds(step.Seconds);
            var outcome = bench.Propose(run, step.Proposal, flowRun, EngineTaskPolicy.Instance);
            run = outcome.Run;
            history.AddRange(outcome.Written is { } written ? [written] : []);
        }

        var fold = HistoryFold.Of(history, countResumes: true);
        run.RunCount.ShouldBe(fold.RunCount);
        run.TotalRunTime.ShouldBe(fold.TotalRunTime, tolerance: 1e-6);
        run.StartTime.ShouldBe(fold.StartTime);
        run.EndTime.ShouldBe(fold.EndTime);
        history.Count(state => state.Type.IsFinal()).ShouldBeLessThanOrEqualTo(1);
        history.Count(state => state.Name == StateNames.AwaitingRetry).ShouldBeLessThanOrEqualTo(2);
    }));

    private static (FlowRun Run, List<State> History) PlayFlow(Step[] steps, FlowTransitionPolicy policy, FlowRunPolicy retries)
    {
        var bench = new GateBench { Now = GateBench.Start };
        var run = bench.FlowRun(policy: retries, deployed: true);
        var history = new List<State>();
        foreach (var step in steps)
        {
            bench.Now = bench.Now.AddSeconds(step.Seconds);
            var outcome = bench.Propose(run, step.Proposal, policy);
            run = outcome.Run;
            history.AddRange(outcome.Written is { } written ? [written] : []);
        }

        return (run, history);
    }

    private sealed record Step(ProposedState Proposal, int Seconds);
}
