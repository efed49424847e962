using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions.Properties;

/// <summary>A task run that a sequence is played to: its row and its history as a store would hold them.</summary>
internal sealed class TaskPlay
{
    private readonly GateBench bench = new() { Now = GateBench.Start };
    private readonly FlowRun flowRun;
    private readonly LimitFacts limit;

    public TaskPlay(TaskCase found)
    {
        flowRun = bench.FlowRun(ProposedStates.Running());
        limit = new LimitFacts(bench.Ids.NewId(), "tag:busy", 2, 0);
        Run = bench.TaskRun(
            policy: new TaskRunPolicy
            {
                Retries = found.Retries,
                RetryDelaySeconds = 5,
                RetryJitterFactor = found.Jitter,
            },
            flowRun: flowRun
        );
    }

    public TaskRun Run { get; private set; }

    public SlotLease? Lease { get; private set; }

    public List<HistoryFold.Entry> History { get; } = [];

    public IEnumerable<State> States => History.Select(entry => entry.State);

    /// <summary>
    /// The flow run's attempt in which the task run last entered Running by the rules, or ended without, by the engine's.
    /// </summary>
    public int Attempt { get; private set; }

    /// <summary>Everything there is to know when a step is judged.</summary>
    public TaskTransitionFacts FactsOf(TaskStep step) =>
        bench.TaskFacts(flowRun with { State = flowRun.State! with { Type = step.FlowRunType }, RunCount = step.Attempt }) with
        {
            Lease = Lease,
            TagLimits = [limit with { ActiveSlots = step.Taken }],
            Cached = step.Cached,
        };

    public void Propose(TaskStep step, Action<TaskStep, TaskPlay, TransitionOutcome<TaskRun>>? look)
    {
        bench.Now = bench.Now.AddSeconds(step.Seconds);
        var outcome = TaskRunGate.Evaluate(Run, step.Proposal, FactsOf(step), step.Policy);
        look?.Invoke(step, this, outcome);
        if (outcome.Written is { } written)
        {
            var restarts =
                Run.StateType?.IsFinal() is true
                && !written.Type.IsFinal()
                && outcome.Status == SetStateStatus.Accept
                && step.Policy.RuleNames.Contains("HandleTaskTerminalStateTransitions");
            History.Add(new HistoryFold.Entry(written, Restarts: restarts));
            var runs = written.Type == StateType.Running && step.Policy != MinimalTaskPolicy.Instance;
            var endsUnrun =
                Attempt == 0 && step.Policy == EngineTaskPolicy.Instance && step.Proposal.Type.IsFinal() && written.Type.IsFinal();
            var reruns =
                Run.StateType?.IsFinal() is true
                && step.Policy == EngineTaskPolicy.Instance
                && !written.Type.IsFinal()
                && outcome.Status == SetStateStatus.Accept;
            Attempt = runs || endsUnrun || reruns ? step.Attempt : Attempt;
        }

        Run = outcome.Run;
        Lease = outcome.Lease;
    }
}
