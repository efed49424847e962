using System.Text.Json;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions;

/// <summary>Runs in given states, and the gate at a fixed time.</summary>
internal sealed class GateBench
{
    public static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public SequentialIds Ids { get; } = new();

    public Random Random { get; } = new(7);

    public DateTimeOffset Now { get; set; } = Start.AddMinutes(1);

    public static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;

    public FlowRun FlowRun(ProposedState? state = null, FlowRunPolicy? policy = null, bool deployed = false) =>
        Enter(
            new FlowRun
            {
                Id = Ids.NewId(),
                Name = "run",
                FlowId = Ids.NewId(),
                DeploymentId = deployed ? Ids.NewId() : null,
                EmpiricalPolicy = policy ?? FlowRunPolicy.Empty,
            },
            state
        );

    public TaskRun TaskRun(ProposedState? state = null, TaskRunPolicy? policy = null, FlowRun? flowRun = null)
    {
        var run = new TaskRun
        {
            Id = Ids.NewId(),
            Name = "task-0",
            TaskKey = "task",
            DynamicKey = "0",
            FlowRunId = flowRun?.Id,
            EmpiricalPolicy = policy ?? TaskRunPolicy.Empty,
        };
        return state is null
            ? run
            : TaskRunGate.Evaluate(run, state, TaskFacts(null) with { Now = Start, FlowRun = flowRun }, MinimalTaskPolicy.Instance).Run;
    }

    public TransitionOutcome<FlowRun> Propose(FlowRun run, ProposedState state, FlowTransitionPolicy? policy = null) =>
        FlowRunGate.Evaluate(run, state, FlowFacts, policy ?? CoreFlowPolicy.Instance);

    public TransitionOutcome<TaskRun> Propose(
        TaskRun run,
        ProposedState state,
        FlowRun? flowRun = null,
        TaskTransitionPolicy? policy = null
    ) => TaskRunGate.Evaluate(run, state, TaskFacts(flowRun), policy ?? CoreTaskPolicy.Instance);

    /// <summary>The facts of a run of a deployment without a limit.</summary>
    public FlowTransitionFacts FlowFacts => new(Now, Ids) { Deployment = new DeploymentFacts() };

    public TaskTransitionFacts TaskFacts(FlowRun? flowRun) => new(Now, Ids, Random, flowRun);

    // Forced, so that a run can be put into any state.
    private FlowRun Enter(FlowRun run, ProposedState? state) =>
        state is null ? run : FlowRunGate.Evaluate(run, state, new FlowTransitionFacts(Start, Ids), MinimalFlowPolicy.Instance).Run;
}
