using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Concurrency;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>
/// The task runs' part of <see cref="RunGate"/>. A commit that starts an attempt requires the flow run's permit, so that no work
/// starts under a flow run that was stopped, started again or deleted meanwhile; every other one rests on the task run's own row.
/// </summary>
internal sealed partial class TaskRunTransitions(
    IRowStore store,
    RunWriter writer,
    TimeProvider time,
    IIdGenerator ids,
    RunReader reader,
    ConcurrencyLimits limits
)
{
    // Never drawn from: stands in where neither a retry nor a wait is spread.
    private static readonly Random NoJitter = new(0);

    private readonly TaskCache _cache = new(store, reader);

    private static readonly ProposedState[] FirstStates = [ProposedStates.Pending(), ProposedStates.Running()];
    private static readonly ProposedState[] NextStates = [ProposedStates.Running()];

    public async Task<TaskRunStarted?> BeginAsync(TaskRunStart start, CancellationToken cancellationToken)
    {
        // Most attempts are the first of their task run: whether it is there already is asked only when something is in the way.
        for (var look = false; ; look = true)
        {
            if (await reader.FlowRunAsync(start.FlowRunId, cancellationToken) is not { } flowRun)
            {
                return null;
            }

            if (!look)
            {
                if (
                    start.Basis.Holds(flowRun) && await TryBeginFirstAsync(start, flowRun, cancellationToken) is { TaskRun: not null } begun
                )
                {
                    return begun;
                }

                continue;
            }

            var row = await reader.TaskRunRowAsync(start.FlowRunId, start.TaskRunId, cancellationToken);
            var known = row is null ? null : TaskRunAttempt.From(row, flowRun.Run);
            var stored = known?.TaskRun;
            if (!start.Basis.Holds(flowRun))
            {
                return new TaskRunStarted(TaskRunStartKind.Stopped, Superseded(stored), stored);
            }

            if (stored is not null && GoesOn(stored, flowRun.Run))
            {
                return stored.StateType == StateType.Running
                    ? new TaskRunStarted(TaskRunStartKind.Begun, Unchanged(stored), stored) { Trace = flowRun.Trace }
                    : new TaskRunStarted(TaskRunStartKind.Ended, Unchanged(stored), stored)
                    {
                        StoredResultJson = await reader.ResultAsync(known!, cancellationToken),
                    };
            }

            var started = known is null
                ? await TryBeginFirstAsync(start, flowRun, cancellationToken)
                : await TryBeginNextAsync(start, known, flowRun, cancellationToken);
            if (started is not null)
            {
                return started;
            }
        }
    }

    /// <summary>
    /// Begins the first attempt of a task run that is not there; null when something has changed meanwhile, or the run is there.
    /// </summary>
    private async ValueTask<TaskRunStarted?> TryBeginFirstAsync(
        TaskRunStart start,
        StoredFlowRun flowRun,
        CancellationToken cancellationToken
    )
    {
        var draft = NewTaskRun(start);
        var judgement = await JudgeAsync(draft, null, false, FirstStates, flowRun.Run, EngineTaskPolicy.Instance, cancellationToken);
        var isBegun = judgement.Written.Count == FirstStates.Length;
        if (!isBegun && flowRun.Run.StateType != StateType.Running)
        {
            // It is not created: nobody would ever end it. (Unless it is there, which the caller finds out.)
            return NotBegun(judgement, null, flowRun);
        }

        if (!isBegun || judgement.Lease is not null)
        {
            // A task run takes slots, waits for them, or is refused when its row is there: that tells the sweep whether slots are held.
            judgement = await JudgeAsync(draft, null, false, FirstStates[..1], flowRun.Run, EngineTaskPolicy.Instance, cancellationToken);
            return await CommitAsync(flowRun.Run, null, judgement, null, cancellationToken) is { } pending
                ? await TryBeginNextAsync(start, pending, flowRun, cancellationToken)
                : null;
        }

        return await CommitAsync(flowRun.Run, null, judgement, null, cancellationToken) is { } after
            ? Begun(judgement, flowRun, after)
            : null;
    }

    /// <summary>Begins an attempt of a task run that is there; null when something has changed meanwhile.</summary>
    private async ValueTask<TaskRunStarted?> TryBeginNextAsync(
        TaskRunStart start,
        TaskRunAttempt known,
        StoredFlowRun flowRun,
        CancellationToken cancellationToken
    )
    {
        var inTurn = start.Instance is not null;
        var isOver = known.TaskRun.StateType?.IsFinal() == true;
        var flowRuns = flowRun.Run.StateType == StateType.Running;
        var judgement = await JudgeAsync(
            known.TaskRun,
            known.Lease,
            known.History.HasResult,
            NextStates,
            flowRun.Run,
            EngineTaskPolicy.Instance,
            cancellationToken,
            inTurn
        );
        if (judgement.Written.Count == NextStates.Length && (flowRuns || !isOver))
        {
            return await CommitAsync(flowRun.Run, known, judgement, null, cancellationToken, inTurn: inTurn) is { } after
                ? Begun(judgement, flowRun, after)
                : null;
        }

        if (isOver && flowRuns)
        {
            // Its end is that of an earlier attempt of the flow run, unless the rules keep it. It waits, or is refused, in the present one.
            var again = await JudgeAsync(
                known.TaskRun,
                known.Lease,
                known.History.HasResult,
                FirstStates[..1],
                flowRun.Run,
                EngineTaskPolicy.Instance,
                cancellationToken
            );
            if (again.Written.Count == 0)
            {
                return new TaskRunStarted(TaskRunStartKind.Ended, again.Result, known.TaskRun);
            }

            return await CommitAsync(flowRun.Run, known, again, null, cancellationToken) is { } pending
                ? await TryBeginNextAsync(start, pending, flowRun, cancellationToken)
                : null;
        }

        if (inTurn && judgement.Limits.Count > 0 && await QueueAsync(start, known.TaskRun, judgement, cancellationToken))
        {
            return null;
        }

        return judgement.Result.Details is StateAbortDetails refusal && flowRuns
            ? await TryCrashAsync(known, refusal, cancellationToken)
            : NotBegun(judgement, known.TaskRun, flowRun);
    }

    /// <summary>
    /// Ends a task run that the rules never let start, although its flow runs; null when something has changed meanwhile.
    /// </summary>
    private async ValueTask<TaskRunStarted?> TryCrashAsync(
        TaskRunAttempt known,
        StateAbortDetails refusal,
        CancellationToken cancellationToken
    )
    {
        var judgement = await JudgeAsync(
            known.TaskRun,
            known.Lease,
            known.History.HasResult,
            [ProposedStates.Crashed(refusal.Reason)],
            known.FlowRun,
            EngineTaskPolicy.Instance,
            cancellationToken
        );
        return await CommitAsync(known.FlowRun, known, judgement, null, cancellationToken) is not null
            ? new TaskRunStarted(TaskRunStartKind.Ended, judgement.Result, judgement.Run)
            : null;
    }

    private static TaskRunStarted NotBegun(Judgement<TaskRun> judgement, TaskRun? stored, StoredFlowRun flowRun)
    {
        var kind =
            judgement.Result.Status == SetStateStatus.Wait ? TaskRunStartKind.Waits
            : flowRun.Run.StateType is not { } type || type.IsFinal() || type == StateType.Cancelling ? TaskRunStartKind.Stopped
            : TaskRunStartKind.Paused;
        return new TaskRunStarted(kind, judgement.Result with { State = stored?.State }, stored);
    }

    /// <summary>
    /// Has a task run wait for a slot in turn, or give up one that it cannot use now. True when it is to be judged again at once.
    /// </summary>
    private async ValueTask<bool> QueueAsync(
        TaskRunStart start,
        TaskRun run,
        Judgement<TaskRun> judgement,
        CancellationToken cancellationToken
    )
    {
        SlotOwner owner = new(start.FlowRunId, run.Id);
        if (judgement.Result.Status == SetStateStatus.Wait)
        {
            return await limits.Queue.EnterAsync(judgement.Limits, owner, run.State!, start.Instance!, cancellationToken);
        }

        await limits.Queue.LeaveAsync(judgement.Limits.Select(limit => limit.Id), owner, cancellationToken);
        return false;
    }

    /// <summary>What was written may also be the pause of the flow run, or a cached result.</summary>
    private static TaskRunStarted Begun(Judgement<TaskRun> judgement, StoredFlowRun flowRun, TaskRunAttempt after) =>
        judgement switch
        {
            { Result.Status: SetStateStatus.Accept } => new TaskRunStarted(TaskRunStartKind.Begun, judgement.Result, judgement.Run)
            {
                Attempt = after,
                Trace = flowRun.Trace,
            },
            { Run.StateType: { } type } when type.IsFinal() => new TaskRunStarted(TaskRunStartKind.Ended, judgement.Result, judgement.Run),
            _ => NotBegun(judgement, judgement.Run, flowRun),
        };

    public async Task<OrchestrationResult?> ProposeAsync(
        Guid flowRunId,
        Guid taskRunId,
        ProposedState proposed,
        string? resultJson,
        bool force,
        TaskRunBasis basis,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            // In this order: who starts the flow run again changes the task run after that, and then the commit fails.
            if (
                await reader.TaskRunRowAsync(flowRunId, taskRunId, cancellationToken) is not { } row
                || await reader.FlowRunAsync(flowRunId, cancellationToken) is not { } flowRun
            )
            {
                return null;
            }

            var known = TaskRunAttempt.From(row, flowRun.Run);
            if (!basis.Holds(known.TaskRun) || !basis.Holds(flowRun))
            {
                return RunGate.Moved;
            }

            var policy = force ? MinimalTaskPolicy.Instance : EngineTaskPolicy.Instance;
            if (await TryProposeAsync(known, proposed, resultJson, policy, cancellationToken) is { } result)
            {
                return result;
            }
        }
    }

    /// <summary>
    /// Ends an attempt as it was begun, without reading anything, unless somebody has changed the task run since. What the flow
    /// run does meanwhile matters to starts alone.
    /// </summary>
    public async Task<OrchestrationResult?> EndAsync(
        TaskRunAttempt attempt,
        ProposedState proposed,
        string? resultJson,
        CancellationToken cancellationToken
    ) =>
        await TryProposeAsync(attempt, proposed, resultJson, EngineTaskPolicy.Instance, cancellationToken)
        ?? await ProposeAsync(
            attempt.FlowRun!.Id,
            attempt.TaskRun.Id,
            proposed,
            resultJson,
            force: false,
            TaskRunBasis.State(attempt.TaskRun.StateId),
            cancellationToken
        );

    private async ValueTask<OrchestrationResult?> TryProposeAsync(
        TaskRunAttempt known,
        ProposedState proposed,
        string? resultJson,
        TaskTransitionPolicy policy,
        CancellationToken cancellationToken,
        IReadOnlyList<RowOperation>? with = null
    )
    {
        var judgement = await JudgeAsync(
            known.TaskRun,
            known.Lease,
            known.History.HasResult,
            [proposed],
            known.FlowRun,
            policy,
            cancellationToken
        );
        return
            judgement.Written.Count == 0
            || await CommitAsync(known.FlowRun, known, judgement, resultJson, cancellationToken, with) is not null
            ? judgement.Result
            : null;
    }

    /// <summary>
    /// True for an attempt that is repeated: it is Running already, or has ended. A run that did not complete starts again
    /// when its flow run does.
    /// </summary>
    private static bool GoesOn(TaskRun stored, FlowRun flowRun) =>
        stored.StateType switch
        {
            StateType.Running => flowRun.StateType == StateType.Running && stored.FlowRunRunCount >= flowRun.RunCount,
            StateType.Completed => true,
            { } type => type.IsFinal() && stored.FlowRunRunCount >= flowRun.RunCount,
            null => false,
        };

    private async ValueTask<Judgement<TaskRun>> JudgeAsync(
        TaskRun run,
        SlotLease? lease,
        bool hasResult,
        ProposedState[] states,
        FlowRun? flowRun,
        TaskTransitionPolicy policy,
        CancellationToken cancellationToken,
        bool inTurn = false
    )
    {
        var queued = inTurn ? new SlotOwner(TaskRunKeys.Home(run), run.Id) : null;
        IReadOnlyList<StoredLimit> tagLimits = [];
        List<State> written = new(states.Length);
        List<RowOperation> derived = [];
        OrchestrationResult? result = null;
        foreach (var proposed in states)
        {
            var needs = policy.Needs(run.State, proposed);
            if (run.Tags.Count > 0 && needs.HasFlag(TransitionNeeds.TagLimits))
            {
                tagLimits = await limits.Lookup.OfTagsAsync(run.Tags, cancellationToken);
            }

            var now = time.GetUtcNow();
            var draws = run.EmpiricalPolicy.RetryJitterFactor > 0 || tagLimits.Count > 0;
            TaskTransitionFacts facts = new(now, ids, draws ? new Random(ids.NewId().GetHashCode()) : NoJitter, flowRun)
            {
                Lease = lease,
                TagLimits = [.. tagLimits.Select(limit => limit.Facts(now, queued))],
                HasStoredResult = hasResult,
                Cached = needs.HasFlag(TransitionNeeds.CachedState)
                    ? await _cache.FindAsync(proposed.StateDetails.CacheKey!, now, cancellationToken)
                    : null,
            };
            var outcome = TaskRunGate.Evaluate(run, proposed, facts, policy);
            result = outcome.ToResult();
            derived.AddRange(TaskRunTraces.Of(run.State, outcome));
            run = outcome.Run;
            lease = outcome.Lease;
            if (outcome.Written is { } state)
            {
                written.Add(state);
            }

            if (outcome.Status != SetStateStatus.Accept)
            {
                break;
            }
        }

        return new Judgement<TaskRun>(run, written, result!, lease, tagLimits, derived);
    }

    /// <summary>
    /// Writes what was judged; null when the task run, the permit to start it, or a limit is not as it was.
    /// </summary>
    /// <param name="flowRun">The flow run that it was judged by; null outside any flow.</param>
    /// <param name="before">The task run as it was; null for a new one.</param>
    /// <param name="judgement">What is to be written.</param>
    /// <param name="resultJson">The result to store if the task run completes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="with">Further operations on the partition.</param>
    /// <param name="inTurn">True for a task run that does not overtake those who wait for slots.</param>
    /// <returns>The task run as it is now.</returns>
    private async ValueTask<TaskRunAttempt?> CommitAsync(
        FlowRun? flowRun,
        TaskRunAttempt? before,
        Judgement<TaskRun> judgement,
        string? resultJson,
        CancellationToken cancellationToken,
        IReadOnlyList<RowOperation>? with = null,
        bool inTurn = false
    )
    {
        var run = judgement.Run;
        SlotOwner owner = new(TaskRunKeys.Home(run), run.Id);
        if (!await limits.Book.TryPrepareAsync(before?.Lease, judgement.Lease, owner, judgement.Limits, inTurn, cancellationToken))
        {
            return null;
        }

        TaskRunChange change = new()
        {
            Before = before,
            After = new TaskRunAttempt(run, judgement.Lease, "", flowRun, before?.History ?? RunHistory.None),
            Written = judgement.Written,
            ResultJson = judgement.Result.Status == SetStateStatus.Accept ? resultJson : null,
            With = with ?? [],
            Derived = judgement.Derived,
        };
        if (await writer.TryWriteAsync(change, cancellationToken) is not { } after)
        {
            await limits.UndoAsync(before?.Lease, judgement.Lease, cancellationToken);
            return null;
        }

        if (before is { Lease: { } held, TaskRun.State: { } left } && held.Id != judgement.Lease?.Id)
        {
            limits.Book.OnReleased(held, time.GetUtcNow() - left.Timestamp);
        }

        await limits.OnWrittenAsync(before?.Lease, judgement.Lease, cancellationToken);
        if (
            before is { Lease: null, TaskRun: { Tags.Count: > 0, StateType: StateType.Pending or StateType.Scheduled } }
            && run.StateType?.IsFinal() is true
        )
        {
            // It does not wait any more. A slot that has been kept for it meanwhile is the next one's.
            await limits.Queue.LeaveAsync(
                (await limits.Lookup.OfTagsAsync(run.Tags, cancellationToken)).Select(limit => limit.Id),
                owner,
                cancellationToken
            );
        }

        return after;
    }

    private TaskRun NewTaskRun(TaskRunStart start) =>
        new()
        {
            Id = start.TaskRunId,
            Created = WireClock.Now(time),
            Name = start.Name,
            FlowRunId = start.FlowRunId,
            TaskKey = start.TaskKey,
            DynamicKey = start.DynamicKey,
            TaskVersion = start.TaskVersion,
            EmpiricalPolicy = start.EmpiricalPolicy,
            Tags = start.Tags,
            TaskInputs = start.TaskInputs,
        };

    private static OrchestrationResult Unchanged(TaskRun run) =>
        run.StateType == StateType.Running
            ? new()
            {
                State = run.State,
                Status = SetStateStatus.Accept,
                Details = new StateAcceptDetails(),
            }
            : new()
            {
                State = run.State,
                Status = SetStateStatus.Reject,
                Details = new StateRejectDetails("The task run has ended already."),
            };

    private static OrchestrationResult Superseded(TaskRun? run) =>
        new()
        {
            State = run?.State,
            Status = SetStateStatus.Abort,
            Details = new StateAbortDetails("The flow run was started again: this orchestration no longer drives it."),
        };
}
