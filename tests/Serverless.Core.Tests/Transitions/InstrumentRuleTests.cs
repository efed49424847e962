using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions;

public sealed class InstrumentRuleTests
{
    private readonly GateBench bench = new();

    [Fact]
    public void InstrumentFlowRunStateTransitions_Written_TellsOfBothStates()
    {
        var run = bench.FlowRun(ProposedStates.Pending());

        var outcome = bench.Propose(run, ProposedStates.Running());

        outcome.Change.ShouldBe(new FlowRunStateChange(outcome.Run, run.State, outcome.Written!));
    }

    [Fact]
    public void InstrumentFlowRunStateTransitions_FirstForcedOrReplacedState_IsToldToo()
    {
        bench.Propose(bench.FlowRun(), ProposedStates.Pending(), MinimalFlowPolicy.Instance).Change!.Initial.ShouldBeNull();
        bench.Propose(bench.FlowRun(ProposedStates.Scheduled()), ProposedStates.Cancelling()).Change!.Validated.Name.ShouldBe("Cancelled");
    }

    [Fact]
    public void InstrumentFlowRunStateTransitions_Refused_TellsNothing() =>
        bench.Propose(bench.FlowRun(ProposedStates.Running()), ProposedStates.Pending()).Change.ShouldBeNull();
}
