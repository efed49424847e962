using System.Text.Json;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Benchmarks;

/// <summary>
/// Lives of runs as the gate sees them. Each method plays one life and says how many decisions it took; an answer other than the one
/// that belongs there ends the benchmark.
/// </summary>
internal sealed class GateMix
{
    private static readonly ProposedState Scheduled = ProposedStates.Scheduled();
    private static readonly ProposedState Later = ProposedStates.Scheduled(DateTimeOffset.MaxValue);
    private static readonly ProposedState Pending = ProposedStates.Pending();
    private static readonly ProposedState Running = ProposedStates.Running();
    private static readonly ProposedState Failed = ProposedStates.Failed("It failed.");
    private static readonly ProposedState Completed = ProposedStates.Completed() with
    {
        Data = JsonSerializer.SerializeToElement(new { type = "reference" }),
    };

    private static readonly DeploymentFacts NoLimit = new();

    private readonly RandomIdGenerator _ids = new(TimeProvider.System, new Random(1));
    private readonly Random _random = new(2);
    private readonly FlowRun _new;
    private readonly FlowRun _running;
    private readonly TaskRun _task;
    private readonly DeploymentFacts _limited;
    private readonly LimitFacts[] _tags;
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public GateMix()
    {
        _new = new FlowRun
        {
            Id = _ids.NewId(),
            Name = "benchmark",
            FlowId = _ids.NewId(),
            DeploymentId = _ids.NewId(),
            EmpiricalPolicy = new FlowRunPolicy { Retries = 1, RetryDelay = 0 },
        };
        _limited = new DeploymentFacts(new LimitFacts(_ids.NewId(), "deployment:benchmark", 10, 5));
        _tags = [new LimitFacts(_ids.NewId(), "tag:a", 10, 5), new LimitFacts(_ids.NewId(), "tag:b", 2, 0)];
        _running = Decide(_new, Running, MinimalFlowPolicy.Instance).Run;
        _task = new TaskRun
        {
            Id = _ids.NewId(),
            Name = "task-0",
            TaskKey = "task",
            DynamicKey = "0",
            FlowRunId = _new.Id,
            EmpiricalPolicy = new TaskRunPolicy { Retries = 1, RetryDelaySeconds = 0 },
        };
    }

    /// <summary>Created, Pending, Running, Completed.</summary>
    public int FlowRun()
    {
        var run = Expect(Decide(_new, Scheduled, MinimalFlowPolicy.Instance));
        run = Expect(Decide(run, Pending, EngineFlowPolicy.Instance));
        run = Expect(Decide(run, Running, EngineFlowPolicy.Instance));
        Expect(Decide(run, Completed, EngineFlowPolicy.Instance));
        return 4;
    }

    /// <summary>The same of a deployment with a concurrency limit, driven by a client.</summary>
    public int FlowRunWithSlot()
    {
        var run = Expect(Decide(_new, Scheduled, MinimalFlowPolicy.Instance));
        var held = Decide(run, Pending, CoreFlowPolicy.Instance, deployment: _limited);
        run = Expect(held);
        held = Decide(
            run,
            Running,
            CoreFlowPolicy.Instance,
            held.Lease ?? throw new InvalidOperationException("No slot was taken."),
            _limited
        );
        run = Expect(held);
        Expect(Decide(run, Completed, CoreFlowPolicy.Instance, held.Lease));
        return 4;
    }

    /// <summary>Running, Failed with a retry left, Retrying, Completed.</summary>
    public int FlowRunWithRetry()
    {
        var run = Expect(Decide(_running, Failed, EngineFlowPolicy.Instance), SetStateStatus.Reject);
        run = Expect(Decide(run, Running, EngineFlowPolicy.Instance));
        Expect(Decide(run, Completed, EngineFlowPolicy.Instance));
        return 3;
    }

    /// <summary>Refused for being too early, too late, and the second.</summary>
    public int FlowRunRefused()
    {
        var run = Expect(Decide(_new, Later, MinimalFlowPolicy.Instance));
        Expect(Decide(run, Running, CoreFlowPolicy.Instance), SetStateStatus.Wait);
        Expect(Decide(_running, Pending, CoreFlowPolicy.Instance), SetStateStatus.Abort);
        return 3;
    }

    /// <summary>Pending, Running, Completed.</summary>
    public int TaskRun()
    {
        var run = Expect(Decide(_task, Pending));
        run = Expect(Decide(run, Running));
        Expect(Decide(run, Completed));
        return 3;
    }

    /// <summary>The same with two tags that have limits.</summary>
    public int TaskRunWithSlots()
    {
        var run = Expect(Decide(_task, Pending));
        var held = Decide(run, Running, limits: _tags);
        run = Expect(held);
        Expect(Decide(run, Completed, held.Lease ?? throw new InvalidOperationException("No slots were taken.")));
        return 3;
    }

    /// <summary>Running, Failed with a retry left, Retrying, Completed.</summary>
    public int TaskRunWithRetry()
    {
        var run = Expect(Decide(_task, Running));
        run = Expect(Decide(run, Failed), SetStateStatus.Reject);
        run = Expect(Decide(run, Running));
        Expect(Decide(run, Completed));
        return 4;
    }

    private TransitionOutcome<FlowRun> Decide(
        FlowRun run,
        ProposedState state,
        FlowTransitionPolicy policy,
        SlotLease? lease = null,
        DeploymentFacts? deployment = null
    ) =>
        FlowRunGate.Evaluate(
            run,
            state,
            new FlowTransitionFacts(Tick(), _ids) { Lease = lease, Deployment = deployment ?? NoLimit },
            policy
        );

    private TransitionOutcome<TaskRun> Decide(
        TaskRun run,
        ProposedState state,
        SlotLease? lease = null,
        IReadOnlyList<LimitFacts>? limits = null
    ) =>
        TaskRunGate.Evaluate(
            run,
            state,
            new TaskTransitionFacts(Tick(), _ids, _random, _running) { Lease = lease, TagLimits = limits },
            EngineTaskPolicy.Instance
        );

    private DateTimeOffset Tick() => _now = _now.AddTicks(10 * TimeSpan.TicksPerMicrosecond);

    private static TRun Expect<TRun>(TransitionOutcome<TRun> outcome, SetStateStatus status = SetStateStatus.Accept)
        where TRun : class =>
        outcome.Status == status
            ? outcome.Run
            : throw new InvalidOperationException($"The gate answered {outcome.Status}: {outcome.Reason}");
}
