using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions.Tables;

using TaskCase = TransitionCase<TaskRun, TaskTransitionFacts>;
using TaskVariant = CaseVariant<TransitionCase<TaskRun, TaskTransitionFacts>>;

/// <summary>The pairs of states of task runs, and the circumstances they are judged in.</summary>
internal static class TaskCases
{
    private const string Plain = "outside any flow";
    private const string InFlow = "flow run Running";

    private static readonly Guid FlowRunId = new("00000000-0000-0000-0000-00000000ffff");
    private static readonly Guid ParametersId = new("00000000-0000-0000-0000-000000009999");
    private static readonly LimitFacts A = new(new Guid("00000000-0000-0000-0000-0000000000e1"), "tag:a", 2, 1);
    private static readonly LimitFacts B = new(new Guid("00000000-0000-0000-0000-0000000000e2"), "tag:b", 1, 0);
    private static readonly State Cached = CaseStates.Enter(
        ProposedStates.Completed("It was computed.") with
        {
            Data = GateBench.Json("""{"type":"reference","location":"cached"}"""),
            StateDetails = new StateDetails { CacheKey = CaseStates.Hit },
        }
    )!;

    public static IReadOnlyList<TaskVariant> Variants { get; } =
    [
        new(Plain, null, plain => plain),
        new("same instant", Plain, plain => Entered(plain, CaseStates.Now)),
        new("clock behind", Plain, plain => Entered(plain, CaseStates.Now.AddSeconds(5))),
        new("retries left, delay 10", Plain, plain => Retries(plain, RetryDelay.Constant(10))),
        new("retries left, delays 5 and 7", Plain, plain => Retries(plain, RetryDelay.List(5, 7))),
        new("retries left, no delays", Plain, plain => Retries(plain, RetryDelay.List())),
        new("retries left, delay 10 with jitter", Plain, plain => Retries(plain, RetryDelay.Constant(10), jitter: 0.5)),
        new("retries used up", Plain, plain => Retries(plain, RetryDelay.Constant(10), retries: 0)),
        new(InFlow, Plain, plain => In(plain, ProposedStates.Running())),
        new("flow run Retrying, in a later attempt", InFlow, plain => In(plain, ProposedStates.Retrying(), attempt: 3)),
        new("flow run Paused", InFlow, plain => In(plain, ProposedStates.Paused(CaseStates.Now.AddHours(2)))),
        new("flow run Suspended", InFlow, plain => In(plain, ProposedStates.Suspended())),
        new("flow run Scheduled", InFlow, plain => In(plain, ProposedStates.Scheduled(CaseStates.Entered))),
        new("flow run Cancelling", InFlow, plain => In(plain, ProposedStates.Cancelling())),
        new("flow run Completed", InFlow, plain => In(plain, ProposedStates.Completed())),
        new("flow run without a state", InFlow, plain => In(plain, null)),
        new("tag limit free", Plain, plain => Limited(plain, A)),
        new("tag limit inactive", Plain, plain => Limited(plain, A with { ActiveSlots = 2, Active = false })),
        new("tag limit full", Plain, plain => Limited(plain, A with { ActiveSlots = 2 })),
        new(
            "tag limit full, held for 4 s on average",
            Plain,
            plain => Limited(plain, A with { ActiveSlots = 2, AverageOccupancySeconds = 4 })
        ),
        new("tag limit 0", Plain, plain => Limited(plain, A with { Limit = 0, ActiveSlots = 0 })),
        new("two tag limits free", Plain, plain => Limited(plain, A, B)),
        new("two tag limits, one full", Plain, plain => Limited(plain, A, B with { ActiveSlots = 1 })),
        new("two tag limits, one 0", Plain, plain => Limited(plain, A, B with { Limit = 0 })),
        new("tag limit full, slot held", Plain, plain => Hold(Limited(plain, A with { ActiveSlots = 2 }))),
        new("deferred", Plain, Defer),
        new("deferred, retries left", "deferred", plain => Retries(Defer(plain), RetryDelay.Constant(10))),
    ];

    /// <summary>The cases of a variant: every current state with every proposed one.</summary>
    public static IEnumerable<TaskCase> Of(TaskVariant variant) =>
        from current in CaseStates.Current.Concat(CaseStates.CurrentOfTasks)
        from proposed in CaseStates.Proposed.Concat(CaseStates.ProposedForTasks).Concat(CaseStates.Again(current))
        select variant.Apply(new TaskCase(current.Label, proposed.Label, Run(current), proposed.State!, Facts(proposed.State!)));

    private static TaskTransitionFacts Facts(ProposedState proposed) =>
        new(CaseStates.Now, new SequentialIds(), new MiddleRandom(), FlowRun: null)
        {
            Cached = proposed.StateDetails.CacheKey switch
            {
                CaseStates.Hit => new CachedTaskState(Cached, CaseStates.Now.AddHours(1)),
                CaseStates.Expired => new CachedTaskState(Cached, CaseStates.Now),
                _ => null,
            },
        };

    private static TaskRun Run(NamedState current)
    {
        var state = CaseStates.Enter(current.State);
        var began = CaseStates.Entered.AddMinutes(-10);
        return new TaskRun
        {
            Id = new Guid("00000000-0000-0000-0000-000000007777"),
            Name = "task-0",
            TaskKey = "task",
            DynamicKey = "0",
            State = state,
            StateId = state?.Id,
            StateType = state?.Type,
            StateName = state?.Name,
            RunCount = current.RunCount,
            ExpectedStartTime = state is null ? null : began,
            NextScheduledStartTime = state?.Type == StateType.Scheduled ? state.StateDetails.ScheduledTime : null,
            StartTime = current.RunCount > 0 ? began : null,
            EndTime = state?.Type.IsFinal() == true ? state.Timestamp : null,
            TotalRunTime = current.RunCount * 60,
        };
    }

    private static TaskCase Entered(TaskCase plain, DateTimeOffset time) =>
        plain.Run.State is not { } state
            ? plain
            : plain with
            {
                Run = plain.Run with { State = state with { Timestamp = time }, EndTime = plain.Run.EndTime is null ? null : time },
            };

    private static TaskCase Retries(TaskCase plain, RetryDelay delay, int retries = 3, double? jitter = null) =>
        plain with
        {
            Run = plain.Run with
            {
                EmpiricalPolicy = new TaskRunPolicy
                {
                    Retries = retries,
                    RetryDelay = delay,
                    RetryJitterFactor = jitter,
                },
            },
        };

    private static TaskCase In(TaskCase plain, ProposedState? state, int attempt = 2) =>
        plain with
        {
            Run = plain.Run with { FlowRunId = FlowRunId, FlowRunRunCount = plain.Run.RunCount > 0 ? 2 : 0 },
            Facts = plain.Facts with
            {
                FlowRun = new FlowRun
                {
                    Id = FlowRunId,
                    Name = "run",
                    FlowId = ParametersId,
                    State = CaseStates.Enter(state),
                    RunCount = attempt,
                },
            },
        };

    private static TaskCase Limited(TaskCase plain, params LimitFacts[] limits) =>
        plain with
        {
            Run = plain.Run with { Tags = [.. limits.Select(limit => limit.Name["tag:".Length..])] },
            Facts = plain.Facts with { TagLimits = limits },
        };

    private static TaskCase Hold(TaskCase limited) =>
        limited.Run.StateType is StateType.Running or StateType.Cancelling
            ? limited with
            {
                Facts = limited.Facts with
                {
                    Lease = new SlotLease(
                        new Guid("00000000-0000-0000-0000-0000000000f1"),
                        [.. limited.Facts.TagLimits!.Select(limit => limit.Id)]
                    ),
                },
            }
            : limited;

    private static TaskCase Defer(TaskCase plain) =>
        plain with
        {
            Run = plain.Run with
            {
                State = plain.Run.State is { } state
                    ? state with
                    {
                        StateDetails = state.StateDetails with { Deferred = true, TaskParametersId = ParametersId },
                    }
                    : null,
            },
            Proposed = plain.Proposed with { StateDetails = plain.Proposed.StateDetails with { Deferred = true } },
        };

    /// <summary>The middle of everything.</summary>
    private sealed class MiddleRandom : Random
    {
        public override double NextDouble() => 0.5;
    }
}
