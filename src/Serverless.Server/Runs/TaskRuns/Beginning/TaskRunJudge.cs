using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Concurrency;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>Has the rules judge what is proposed for a task run, with the facts that they need.</summary>
internal sealed class TaskRunJudge(TimeProvider time, IIdGenerator ids, ConcurrencyLimits limits, TaskCache cache)
{
    // Never drawn from: stands in where neither a retry nor a wait is spread.
    private static readonly Random NoJitter = new(0);

    /// <summary>Judges the first states of a task run that is not there yet.</summary>
    public ValueTask<Judgement<TaskRun>> JudgeNewAsync(
        TaskRun draft,
        ReadOnlyMemory<ProposedState> states,
        FlowRun? flowRun,
        TaskTransitionPolicy policy,
        CancellationToken cancellationToken
    ) => JudgeAsync(new TaskRunAttempt(draft, null, "", flowRun, RunHistory.None), states, policy, inTurn: false, cancellationToken);

    /// <summary>Judges the proposed states one after the other, up to the first that is not accepted.</summary>
    /// <param name="known">The task run as it is.</param>
    /// <param name="states">The states.</param>
    /// <param name="policy">The rules.</param>
    /// <param name="inTurn">True for a task run that does not overtake those who wait for slots.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<Judgement<TaskRun>> JudgeAsync(
        TaskRunAttempt known,
        ReadOnlyMemory<ProposedState> states,
        TaskTransitionPolicy policy,
        bool inTurn,
        CancellationToken cancellationToken
    )
    {
        var run = known.TaskRun;
        var lease = known.Lease;
        var queued = inTurn ? new SlotOwner(TaskRunKeys.Home(run), run.Id) : null;
        IReadOnlyList<StoredLimit> tagLimits = [];
        List<State> written = new(states.Length);
        List<RowOperation> derived = [];
        GateAnswer? answer = null;
        string? cachedResult = null;
        for (var index = 0; index < states.Length; index++)
        {
            var proposed = states.Span[index];
            var needs = policy.Needs(run.State, proposed);
            if (run.Tags.Count > 0 && needs.HasFlag(TransitionNeeds.TagLimits))
            {
                tagLimits = await limits.Lookup.OfTagsAsync(run.Tags, cancellationToken);
            }

            var now = time.GetUtcNow();
            var cached = needs.HasFlag(TransitionNeeds.CachedState)
                ? await cache.FindAsync(proposed.StateDetails.CacheKey!, now, cancellationToken)
                : null;
            var draws = run.EmpiricalPolicy.RetryJitterFactor > 0 || tagLimits.Count > 0;
            TaskTransitionFacts facts = new(now, ids, draws ? new Random(ids.NewId().GetHashCode()) : NoJitter, known.FlowRun)
            {
                Lease = lease,
                TagLimits = [.. tagLimits.Select(limit => limit.Facts(now, queued))],
                HasStoredResult = known.History.HasResult,
                HasLostResult = known.History.IsLost,
                Cached = cached?.Entry,
            };
            var outcome = TaskRunGate.Evaluate(run, proposed, facts, policy);
            answer = GateAnswer.Of(outcome);
            derived.AddRange(TaskRunTraces.Of(run.State, outcome));
            run = outcome.Run;
            lease = outcome.Lease;
            if (outcome.Written is { } state)
            {
                written.Add(state);
                cachedResult = state.Name == StateNames.Cached ? cached?.ResultJson : null;
            }

            if (outcome.Status != SetStateStatus.Accept)
            {
                break;
            }
        }

        return new Judgement<TaskRun>(
            run,
            written,
            answer ?? throw new ArgumentException("No state is proposed.", nameof(states)),
            lease,
            tagLimits,
            derived
        )
        {
            CachedResultJson = cachedResult,
        };
    }
}
