using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Concurrency;
using Serverless.Server.Runs.Writing;

namespace Serverless.Server.Runs;

/// <summary>Begins the attempts of the task runs of this app.</summary>
internal sealed class TaskRunBeginning(
    RunReader reader,
    TaskRunJudge judge,
    TaskRunCommits commits,
    CommitRetry retry,
    TimeProvider time,
    ConcurrencyLimits limits,
    TaskLocks locks
)
{
    private static readonly ProposedState[] FirstStates = [ProposedStates.Pending(), ProposedStates.Running()];
    private static readonly ProposedState[] NextStates = [ProposedStates.Running()];

    /// <summary>Begins an attempt, or says why not; null when there is no such flow run.</summary>
    public async Task<TaskRunStarted?> BeginAsync(TaskRunStart start, CancellationToken cancellationToken)
    {
        if (start.FlowRunId is not { } flowRunId)
        {
            return await retry.RunAsync(token => TryBeginBackgroundAsync(start, token), cancellationToken);
        }

        // Most attempts are the first of their task run, and their flow run is as it was a moment ago: the commit requires the permit that
        // it gave then. What is there is asked only when something is in the way.
        var recent = reader.RecentFlowRun(flowRunId);
        var flowRun = recent is { Run.StateType: StateType.Running } ? recent : await reader.FlowRunAsync(flowRunId, cancellationToken);
        if (flowRun is null)
        {
            return null;
        }

        return start.Basis.Holds(flowRun) && await TryBeginFirstAsync(start, flowRun, cancellationToken) is { TaskRun: not null } begun
            ? begun
            : await retry.RunAsync(token => TryBeginAsync(start, flowRunId, token), cancellationToken);
    }

    /// <summary>A background task run was created when it was asked for: one that is not there was deleted.</summary>
    private async Task<TryResult<TaskRunStarted?>> TryBeginBackgroundAsync(TaskRunStart start, CancellationToken cancellationToken)
    {
        var home = TaskRunKeys.Home(null, start.TaskKey, start.DynamicKey);
        if (await reader.TaskRunRowAsync(home, start.TaskRunId, cancellationToken) is not { } row)
        {
            return new TryResult<TaskRunStarted?>(null);
        }

        var known = TaskRunAttempt.From(row, null);
        if (known.TaskRun.StateType is { } type && (type == StateType.Running || type.IsFinal()))
        {
            return await GoOnAsync(known, flowRun: null, cancellationToken);
        }

        var started = await TryBeginNextAsync(start, known, flowRun: null, cancellationToken);
        return started is null ? default : new TryResult<TaskRunStarted?>(started);
    }

    private async Task<TryResult<TaskRunStarted?>> TryBeginAsync(TaskRunStart start, Guid flowRunId, CancellationToken cancellationToken)
    {
        if (await reader.FlowRunAsync(flowRunId, cancellationToken) is not { } flowRun)
        {
            return new TryResult<TaskRunStarted?>(null);
        }

        var row = await reader.TaskRunRowAsync(flowRunId, start.TaskRunId, cancellationToken);
        var known = row is null ? null : TaskRunAttempt.From(row, flowRun.Run);
        var stored = known?.TaskRun;
        if (!start.Basis.Holds(flowRun))
        {
            return new TaskRunStarted(TaskRunStartKind.Stopped, new GateAnswer.Superseded(stored?.State), stored);
        }

        if (known is not null && GoesOn(known, flowRun.Run))
        {
            return await GoOnAsync(known, flowRun, cancellationToken);
        }

        var started = known is null
            ? await TryBeginFirstAsync(start, flowRun, cancellationToken)
            : await TryBeginNextAsync(start, known, flowRun, cancellationToken);
        return started is null ? default : new TryResult<TaskRunStarted?>(started);
    }

    /// <summary>The answer to an attempt that is repeated.</summary>
    private async ValueTask<TaskRunStarted> GoOnAsync(TaskRunAttempt known, StoredFlowRun? flowRun, CancellationToken cancellationToken)
    {
        var run = known.TaskRun;
        return run.StateType == StateType.Running
            ? new TaskRunStarted(TaskRunStartKind.Begun, new GateAnswer.Accepted(run.State), run) { Trace = flowRun?.Trace }
            : new TaskRunStarted(TaskRunStartKind.Ended, new GateAnswer.Rejected(run.State, "The task run has ended already."), run)
            {
                StoredResultJson = await reader.ResultAsync(known, cancellationToken),
            };
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
        var judgement = await judge.JudgeNewAsync(draft, FirstStatesOf(start), flowRun.Run, EngineTaskPolicy.Instance, cancellationToken);
        var isBegun = judgement.Written.Count == FirstStates.Length;
        if (!isBegun && flowRun.Run.StateType != StateType.Running)
        {
            // It is not created: nobody would ever end it. (Unless it is there, which the caller finds out.)
            return NotBegun(judgement, null, flowRun);
        }

        var isSerial = start.Caching is { Serializable: true } && judgement.Answer.IsAccepted;
        if (!isBegun || isSerial || judgement.Lease is not null)
        {
            // A task run takes slots and the lock of its key, waits for them, or is refused when its row is there: that tells the sweep
            // whether slots are held.
            judgement = await judge.JudgeNewAsync(
                draft,
                FirstStates.AsMemory(0, 1),
                flowRun.Run,
                EngineTaskPolicy.Instance,
                cancellationToken
            );
            return await commits.TryWriteAsync(flowRun.Run, null, judgement, null, cancellationToken) is { } pending
                ? await TryBeginNextAsync(start, pending, flowRun, cancellationToken)
                : null;
        }

        var with = AssetEntries.OfCached(start, judgement);
        return await commits.TryWriteAsync(flowRun.Run, null, judgement, null, cancellationToken, with) is { } after
            ? Begun(judgement, flowRun, after)
            : null;
    }

    /// <summary>Begins an attempt of a task run that is there; null when something has changed meanwhile.</summary>
    private async ValueTask<TaskRunStarted?> TryBeginNextAsync(
        TaskRunStart start,
        TaskRunAttempt known,
        StoredFlowRun? flowRun,
        CancellationToken cancellationToken
    )
    {
        var inTurn = start.Instance is not null;
        var isOver = known.TaskRun.StateType?.IsFinal() == true;
        var flowRuns = flowRun is null || flowRun.Run.StateType == StateType.Running;
        var isSerial = start.Caching is { Serializable: true };
        if (isSerial && flowRuns && !isOver && await locks.TakeAsync(start.Caching!, known.TaskRun, cancellationToken) is { } wait)
        {
            return new TaskRunStarted(TaskRunStartKind.Waits, wait, known.TaskRun);
        }

        var judgement = await judge.JudgeAsync(known, NextStatesOf(start), EngineTaskPolicy.Instance, inTurn, cancellationToken);
        if (judgement.Written.Count == NextStates.Length && (!isOver || (flowRuns && !isSerial)))
        {
            var with = AssetEntries.OfCached(start, judgement);
            return await commits.TryWriteAsync(flowRun?.Run, known, judgement, null, cancellationToken, with, inTurn) is { } after
                ? Begun(judgement, flowRun, after)
                : null;
        }

        if (isOver && flowRuns)
        {
            // Its end is that of an earlier attempt of the flow run, unless the rules keep it. It waits, or is refused, in the present one.
            var again = await judge.JudgeAsync(
                known,
                FirstStates.AsMemory(0, 1),
                EngineTaskPolicy.Instance,
                inTurn: false,
                cancellationToken
            );
            if (again.Written.Count == 0)
            {
                return new TaskRunStarted(TaskRunStartKind.Ended, again.Answer, known.TaskRun);
            }

            return await commits.TryWriteAsync(flowRun?.Run, known, again, null, cancellationToken) is { } pending
                ? await TryBeginNextAsync(start, pending, flowRun, cancellationToken)
                : null;
        }

        if (inTurn && judgement.Limits.Count > 0 && await QueueAsync(start, known.TaskRun, judgement, cancellationToken))
        {
            return null;
        }

        return judgement.Answer is GateAnswer.Aborted refusal && flowRuns
            ? await TryCrashAsync(known, refusal, cancellationToken)
            : NotBegun(judgement, known.TaskRun, flowRun);
    }

    /// <summary>
    /// Ends a task run that the rules never let start, although its flow runs; null when something has changed meanwhile.
    /// </summary>
    private async ValueTask<TaskRunStarted?> TryCrashAsync(
        TaskRunAttempt known,
        GateAnswer.Aborted refusal,
        CancellationToken cancellationToken
    )
    {
        var judgement = await judge.JudgeAsync(
            known,
            new[] { ProposedStates.Crashed(refusal.Reason) },
            EngineTaskPolicy.Instance,
            inTurn: false,
            cancellationToken
        );
        return await commits.TryWriteAsync(known.FlowRun, known, judgement, null, cancellationToken) is not null
            ? new TaskRunStarted(TaskRunStartKind.Ended, judgement.Answer, judgement.Run)
            : null;
    }

    private static TaskRunStarted NotBegun(Judgement<TaskRun> judgement, TaskRun? stored, StoredFlowRun? flowRun)
    {
        var kind =
            judgement.Answer is GateAnswer.Waits ? TaskRunStartKind.Waits
            : flowRun?.Run.StateType is not { } type || type.IsFinal() || type == StateType.Cancelling ? TaskRunStartKind.Stopped
            : TaskRunStartKind.Paused;
        return new TaskRunStarted(kind, judgement.Answer.About(stored?.State), stored);
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
        SlotOwner owner = new(TaskRunKeys.Home(run), run.Id);
        if (judgement.Answer is GateAnswer.Waits)
        {
            if (await limits.Queue.EnterAsync(judgement.Limits, owner, run.State!, start.Instance!, cancellationToken))
            {
                return true;
            }

            // Who renamed a limit before this run was in its queue has not told it.
            var bound = await limits.Lookup.OfTagsAsync(run.Tags, cancellationToken);
            return judgement.Limits.Any(limit => bound.All(other => other.Id != limit.Id));
        }

        await limits.Queue.LeaveAsync(judgement.Limits.Select(limit => limit.Id), owner, cancellationToken);
        return false;
    }

    private static ReadOnlyMemory<ProposedState> FirstStatesOf(TaskRunStart start) =>
        start.Caching is { } caching ? new[] { FirstStates[0], RunningUnder(caching) } : FirstStates;

    private static ReadOnlyMemory<ProposedState> NextStatesOf(TaskRunStart start) =>
        start.Caching is { } caching ? new[] { RunningUnder(caching) } : NextStates;

    private static ProposedState RunningUnder(TaskRunCaching caching) =>
        ProposedStates.Running(details: new StateDetails { CacheKey = caching.Key, RefreshCache = caching.Refresh ? true : null });

    /// <summary>What was written may also be the pause of the flow run, or a cached result.</summary>
    private static TaskRunStarted Begun(Judgement<TaskRun> judgement, StoredFlowRun? flowRun, TaskRunAttempt after) =>
        judgement switch
        {
            { Answer: GateAnswer.Accepted } => new TaskRunStarted(TaskRunStartKind.Begun, judgement.Answer, judgement.Run)
            {
                Attempt = after,
                Trace = flowRun?.Trace,
            },
            { Run.StateType: { } type } when type.IsFinal() => new TaskRunStarted(TaskRunStartKind.Ended, judgement.Answer, judgement.Run)
            {
                StoredResultJson = judgement.CachedResultJson,
            },
            _ => NotBegun(judgement, judgement.Run, flowRun),
        };

    /// <summary>
    /// True for an attempt that is repeated: it is Running already, or has ended. A run that did not complete, or was rolled back, starts
    /// again when its flow run does; one whose result was not kept, whenever it is asked for.
    /// </summary>
    private static bool GoesOn(TaskRunAttempt known, FlowRun flowRun)
    {
        var stored = known.TaskRun;
        return stored.StateType switch
        {
            StateType.Running => flowRun.StateType == StateType.Running && stored.FlowRunRunCount >= flowRun.RunCount,
            StateType.Completed when stored.StateName != StateNames.RolledBack => !known.History.IsLost,
            { } type => type.IsFinal() && stored.FlowRunRunCount >= flowRun.RunCount,
            null => false,
        };
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
}
