using Serverless.Core.States;

namespace Serverless.Core.Tests.Transitions.Tables;

/// <summary>The states that the tables go from and to.</summary>
internal static class CaseStates
{
    public const string Hit = "hit";
    public const string Expired = "expired";
    public const string UsedPauseKey = "used";

    private static readonly Guid StateId = new("00000000-0000-0000-0000-00000000aaaa");
    private static readonly Guid TransitionId = new("00000000-0000-0000-0000-00000000bbbb");

    /// <summary>The time of the decision.</summary>
    public static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>When the current state was entered.</summary>
    public static readonly DateTimeOffset Entered = Now.AddMinutes(-1);

    /// <summary>The current states of all runs.</summary>
    public static readonly IReadOnlyList<NamedState> Current =
    [
        new("none", null),
        new("Scheduled", ProposedStates.Scheduled(Entered)),
        new("Scheduled in 30 s", ProposedStates.Scheduled(Now.AddSeconds(30))),
        new("Late", ProposedStates.Late(Entered)),
        new("AwaitingRetry", ProposedStates.AwaitingRetry(Entered), 1),
        new("AwaitingConcurrencySlot", ProposedStates.AwaitingConcurrencySlot(Entered)),
        new("Resuming", ProposedStates.Resuming(Entered), 1),
        new("Pending", ProposedStates.Pending()),
        new("Pending, due in 30 s", With(ProposedStates.Pending(), new() { ScheduledTime = Now.AddSeconds(30) })),
        new("Submitting", ProposedStates.Submitting()),
        new("InfrastructurePending", ProposedStates.InfrastructurePending()),
        new("Running", ProposedStates.Running(), 1),
        new("Retrying", ProposedStates.Retrying(), 2),
        new("Rerunning", ProposedStates.Running() with { Name = StateNames.Rerunning }, 2),
        new("Paused", ProposedStates.Paused(Now.AddHours(1)), 1),
        new("Paused, out of time", ProposedStates.Paused(Entered), 1),
        new("Suspended", ProposedStates.Suspended(Now.AddHours(1)), 1),
        new("Suspended, out of time", ProposedStates.Suspended(Entered), 1),
        new("Cancelling", ProposedStates.Cancelling(), 1),
        new("Cancelled", ProposedStates.Cancelled(), 1),
        new("Completed", ProposedStates.Completed(), 2),
        new("Completed, result", Data("""{"type":"reference","location":"a"}"""), 2),
        new("Completed, unpersisted", Data("""{"type":"unpersisted"}"""), 2),
        new("Completed, a number", Data("42"), 2),
        new("Cached", Data("""{"type":"reference","location":"a"}""") with { Name = StateNames.Cached }, 1),
        new("RolledBack", ProposedStates.Completed() with { Name = StateNames.RolledBack }, 2),
        new("Failed", ProposedStates.Failed("It failed."), 2),
        new("TimedOut", ProposedStates.TimedOut(), 2),
        new("Crashed", ProposedStates.Crashed(), 2),
    ];

    /// <summary>The current states that only task runs have.</summary>
    public static readonly IReadOnlyList<NamedState> CurrentOfTasks =
    [
        new("NotReady", ProposedStates.Paused(Now.AddHours(1)) with { Name = StateNames.NotReady }),
    ];

    /// <summary>The states proposed for all runs; <see cref="Again"/> comes on top.</summary>
    public static readonly IReadOnlyList<NamedState> Proposed =
    [
        new("Scheduled", ProposedStates.Scheduled(Now.AddMinutes(1))),
        new("Late", ProposedStates.Late(Entered)),
        new("AwaitingRetry", ProposedStates.AwaitingRetry(Now.AddMinutes(1))),
        new("Resuming", ProposedStates.Resuming()),
        new("Pending", ProposedStates.Pending()),
        new("Submitting", ProposedStates.Submitting()),
        new("Running", With(ProposedStates.Running(), new() { Traceparent = "00-trace-span-01" })),
        new("Retrying", ProposedStates.Retrying()),
        new("Paused", ProposedStates.Paused(Now.AddHours(1), "new")),
        new("Paused, used key", ProposedStates.Paused(Now.AddHours(1), UsedPauseKey)),
        new("Suspended", ProposedStates.Suspended(Now.AddHours(1))),
        new("Cancelling", ProposedStates.Cancelling()),
        new("Cancelled", ProposedStates.Cancelled()),
        new("Completed", ProposedStates.Completed()),
        new("Completed, result", With(Data("""{"type":"reference","location":"b"}"""), new() { UntrackableResult = true })),
        new("Failed", ProposedStates.Failed("It failed again.") with { Data = GateBench.Json("""{"type":"exception"}""") }),
        new("TimedOut", ProposedStates.TimedOut()),
        new("Crashed", ProposedStates.Crashed()),
    ];

    /// <summary>The states proposed for task runs only.</summary>
    public static readonly IReadOnlyList<NamedState> ProposedForTasks =
    [
        new("Failed, not retriable", With(ProposedStates.Failed(), new() { Retriable = false })),
        new("Running, cache hit", With(ProposedStates.Running(), new() { CacheKey = Hit })),
        new("Running, cache miss", With(ProposedStates.Running(), new() { CacheKey = "miss" })),
        new("Running, cache expired", With(ProposedStates.Running(), new() { CacheKey = Expired })),
        new("Running, cache refreshed", With(ProposedStates.Running(), new() { CacheKey = Hit, RefreshCache = true })),
        new("Completed, cache key", With(ProposedStates.Completed(), new() { CacheKey = "new", CacheExpiration = Now.AddHours(1) })),
        new("Completed, cache key too long", With(ProposedStates.Completed(), new() { CacheKey = new string('k', 2001) })),
    ];

    /// <summary>The current state proposed once more by a caller that did not get the answer; none when there is none.</summary>
    public static IEnumerable<NamedState> Again(NamedState current) =>
        current.State is { } state ? [new("the same again", With(state, state.StateDetails with { TransitionId = TransitionId }))] : [];

    /// <summary>The state that a run is in since <see cref="Entered"/>.</summary>
    public static State? Enter(ProposedState? state) =>
        state is null
            ? null
            : new State
            {
                Id = StateId,
                Type = state.Type,
                Name = state.Name ?? state.Type.DefaultName(),
                Timestamp = Entered,
                Message = state.Message,
                Data = state.Data,
                StateDetails = state.StateDetails with { TransitionId = TransitionId },
            };

    private static ProposedState With(ProposedState state, StateDetails details) => state with { StateDetails = details };

    private static ProposedState Data(string json) => ProposedStates.Completed() with { Data = GateBench.Json(json) };
}
