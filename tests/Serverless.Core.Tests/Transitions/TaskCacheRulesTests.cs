using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions;

public sealed class TaskCacheRulesTests
{
    private readonly GateBench bench = new();

    [Fact]
    public void CacheRetrieval_Hit_CompletesAsCached()
    {
        var outcome = Propose(Running("key"), new CachedTaskState(Stored(), bench.Now.AddSeconds(1)));

        outcome.ShouldBeReplaced("Retrieved state from cache", StateType.Completed, "Cached");
        outcome.Written!.Message.ShouldBe("done");
        outcome.Written.Data!.Value.GetProperty("type").GetString().ShouldBe("reference");
        outcome.Written.StateDetails.TaskRunId.ShouldBe(outcome.Run.Id);
        outcome.Run.RunCount.ShouldBe(0);
        outcome.CacheEntry.ShouldBeNull();
    }

    [Fact]
    public void CacheRetrieval_HitWhileSlotsAreTaken_NeedsNone()
    {
        var full = new LimitFacts(Guid.NewGuid(), "tag:full", 1, 1);

        Propose(Running("key"), new CachedTaskState(Stored(), null), full).Written!.Name.ShouldBe("Cached");
    }

    [Fact]
    public void CacheRetrieval_ExpiredRefreshedOrWithoutKey_Runs()
    {
        Propose(Running("key"), new CachedTaskState(Stored(), bench.Now)).ShouldBeAccepted(StateType.Running, "Running");
        Propose(Running("key", refresh: true), new CachedTaskState(Stored(), null)).ShouldBeAccepted(StateType.Running, "Running");
        Propose(ProposedStates.Running(), new CachedTaskState(Stored(), null)).ShouldBeAccepted(StateType.Running, "Running");
    }

    [Fact]
    public void Needs_CachedState_OnlyWithAKeyToLookFor()
    {
        CoreTaskPolicy.Instance.Needs(null, Running("key")).HasFlag(TransitionNeeds.CachedState).ShouldBeTrue();
        CoreTaskPolicy.Instance.Needs(null, Running("key", refresh: true)).HasFlag(TransitionNeeds.CachedState).ShouldBeFalse();
        CoreTaskPolicy.Instance.Needs(null, ProposedStates.Running()).ShouldBe(TransitionNeeds.TagLimits);
        CoreTaskPolicy.Instance.Needs(null, ProposedStates.Completed()).ShouldBe(TransitionNeeds.None);
    }

    [Fact]
    public void CacheInsertion_CompletedWithKey_IsStored()
    {
        var expiration = bench.Now.AddDays(1);

        var outcome = Complete("key", expiration);

        outcome.Status.ShouldBe(SetStateStatus.Accept);
        outcome.CacheEntry.ShouldBe(new CacheEntry("key", expiration));
    }

    [Fact]
    public void CacheInsertion_KeyTooLong_IsWrittenButNotStored()
    {
        Complete(new string('k', 2000), null).CacheEntry.ShouldNotBeNull();

        var outcome = Complete(new string('k', 2001), null);

        outcome.ShouldBeReplaced("Cache key exceeded maximum allowed length of 2000 characters.", StateType.Completed, "Completed");
        outcome.CacheEntry.ShouldBeNull();
    }

    private static ProposedState Running(string key, bool? refresh = null) =>
        ProposedStates.Running() with
        {
            StateDetails = new StateDetails { CacheKey = key, RefreshCache = refresh },
        };

    private State Stored() =>
        bench.TaskRun(ProposedStates.Completed("done") with { Data = GateBench.Json("""{"type":"reference"}""") }).State!;

    private TransitionOutcome<TaskRun> Complete(string key, DateTimeOffset? expiration) =>
        Propose(
            ProposedStates.Completed() with
            {
                StateDetails = new StateDetails { CacheKey = key, CacheExpiration = expiration },
            },
            cached: null
        );

    private TransitionOutcome<TaskRun> Propose(ProposedState state, CachedTaskState? cached, params LimitFacts[] limits) =>
        TaskRunGate.Evaluate(
            bench.TaskRun(ProposedStates.Pending()),
            state,
            bench.TaskFacts(null) with
            {
                Cached = cached,
                TagLimits = limits,
            },
            CoreTaskPolicy.Instance
        );
}
