using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions.Properties;

/// <summary>A flow run that a sequence is played to: its row and its history as a store would hold them.</summary>
internal sealed class FlowPlay
{
    private readonly GateBench bench = new() { Now = GateBench.Start };

    public FlowPlay(FlowCase found) =>
        Run = bench.FlowRun(policy: new FlowRunPolicy { Retries = found.Retries }, deployed: found.Deployed) with
        {
            ParentTaskRunId = found.Subflow ? bench.Ids.NewId() : null,
            InfrastructurePid = found.HasInfrastructure ? "1" : null,
        };

    public FlowRun Run { get; private set; }

    public SlotLease? Lease { get; private set; }

    public List<HistoryFold.Entry> History { get; } = [];

    public IEnumerable<State> States => History.Select(entry => entry.State);

    /// <summary>Everything there is to know when a step is judged.</summary>
    public FlowTransitionFacts FactsOf(FlowStep step) =>
        bench.FlowFacts with
        {
            Deployment = step.Deployment,
            Client = step.Client,
            Lease = Lease,
        };

    public void Propose(FlowStep step, Action<FlowStep, FlowPlay, TransitionOutcome<FlowRun>>? look)
    {
        bench.Now = bench.Now.AddSeconds(step.Seconds);
        var outcome = FlowRunGate.Evaluate(Run, step.Proposal, FactsOf(step), step.Policy);
        look?.Invoke(step, this, outcome);
        if (outcome.Written is { } written)
        {
            var resumes =
                Run.StateType == StateType.Paused
                && outcome.Status == SetStateStatus.Accept
                && step.Policy.RuleNames.Contains("HandleResumingPausedFlows");
            History.Add(new HistoryFold.Entry(written, Resumes: resumes));
        }

        Run = outcome.Run;
        Lease = outcome.Lease;
    }
}
