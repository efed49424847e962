using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions;

/// <summary>How rules work together, shown with rules made for it.</summary>
public sealed class TransitionPolicyTests
{
    private readonly GateBench bench = new();
    private readonly List<string> calls = [];

    [Fact]
    public void Evaluate_AllPass_AfterRunsInReverse()
    {
        Propose(Rule("a"), Rule("b")).Status.ShouldBe(SetStateStatus.Accept);

        calls.ShouldBe(["before a", "before b", "after b", "after a"]);
    }

    [Fact]
    public void Evaluate_OneRefuses_EarlierUndoneLaterNotAsked()
    {
        Propose(Rule("a"), Transform("t"), Rule("b", transition => transition.Abort("no")), Rule("c"))
            .Status.ShouldBe(SetStateStatus.Abort);

        calls.ShouldBe(["before a", "before t", "before b", "undo t", "undo a"]);
    }

    [Fact]
    public void Evaluate_OneReplaces_EarlierUndoneTransformsGoOn()
    {
        var outcome = Propose(
            Rule("a"),
            Rule("b", transition => transition.Reject(ProposedStates.Cancelled(), "instead")),
            Rule("c"),
            Transform("t")
        );

        outcome.ShouldBeReplaced("instead", StateType.Cancelled, "Cancelled");
        calls.ShouldBe(["before a", "before b", "before t", "undo a", "after t"]);
    }

    [Fact]
    public void Evaluate_OneReplacesByTheSameType_OthersGoOn()
    {
        var outcome = Propose(Rule("a"), Rule("b", transition => transition.Reject(ProposedStates.Retrying(), "instead")), Rule("c"));

        outcome.ShouldBeReplaced("instead", StateType.Running, "Retrying");
        calls.ShouldBe(["before a", "before b", "before c", "after c", "after a"]);
    }

    [Fact]
    public void Evaluate_LaterRefusesWhatWasReplaced_BothUndone()
    {
        var outcome = Propose(
            Rule("a", transition => transition.Reject(ProposedStates.Retrying(), "instead")),
            Rule("b", transition => transition.Wait(5, "later"))
        );

        outcome.Status.ShouldBe(SetStateStatus.Wait);
        outcome.Written.ShouldBeNull();
        calls.ShouldBe(["before a", "before b", "undo a"]);
    }

    [Fact]
    public void Evaluate_OneThrows_NothingIsWritten()
    {
        var run = bench.FlowRun(ProposedStates.Pending());

        Should.Throw<InvalidOperationException>(() => Propose(run, Rule("a"), Rule("b", _ => throw new InvalidOperationException())));

        run.State!.Type.ShouldBe(StateType.Pending);
        run.RunCount.ShouldBe(0);
    }

    [Fact]
    public void Evaluate_RuleOfOtherTypes_IsNotAsked()
    {
        Propose(new Recorder("a", calls, null, to: StateTypes.Failed), new Recorder("b", calls, null, from: StateTypes.Running));

        calls.ShouldBeEmpty();
    }

    private Recorder Rule(string name, Action<FlowRunTransition>? before = null) => new(name, calls, before);

    private Recorder Transform(string name) => new(name, calls, null, isTransform: true);

    private TransitionOutcome<FlowRun> Propose(params Recorder[] rules) => Propose(bench.FlowRun(ProposedStates.Pending()), rules);

    private TransitionOutcome<FlowRun> Propose(FlowRun run, params Recorder[] rules) =>
        bench.Propose(run, ProposedStates.Running(), new FlowTransitionPolicy("recorded", rules));

    private sealed class Recorder(
        string name,
        List<string> calls,
        Action<FlowRunTransition>? before,
        StateTypes from = StateTypes.AnyOrNone,
        StateTypes to = StateTypes.Any,
        bool isTransform = false
    ) : TransitionRule<FlowRunTransition>(from, to)
    {
        public override bool IsTransform => isTransform;

        public override void Before(FlowRunTransition transition)
        {
            calls.Add($"before {name}");
            before?.Invoke(transition);
        }

        public override void After(FlowRunTransition transition) => calls.Add($"after {name}");

        public override void Undo(FlowRunTransition transition) => calls.Add($"undo {name}");
    }
}
