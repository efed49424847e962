using System.Runtime.CompilerServices;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Logs;
using Serverless.Server.Outbox;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>
/// Background task runs of this app: task runs outside any flow, which orchestrations of their own run. Those of other tasks wait for task
/// workers.
/// </summary>
public sealed class BackgroundTaskRuns
{
    /// <summary>After how long who waits for an end looks by itself, for one that another process has written.</summary>
    internal static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly IRowStore _store;
    private readonly RunReader _reader;
    private readonly TaskRunCalls _calls;
    private readonly TaskRunJudge _judge;
    private readonly TaskRunCommits _commits;
    private readonly TaskRunService _taskRuns;
    private readonly OutboxStore _outbox;
    private readonly DeadRows _dead;
    private readonly CommitRetry _retry;
    private readonly TaskRunEnds _ends;
    private readonly RunAdmission _admission;
    private readonly DelayedTaskRuns _delayed;
    private readonly RunLogs _logs;
    private readonly TimeProvider _time;
    private readonly IIdGenerator _ids;

    internal BackgroundTaskRuns(
        IRowStore store,
        RunReader reader,
        TaskRunCalls calls,
        TaskRunJudge judge,
        TaskRunCommits commits,
        TaskRunService taskRuns,
        OutboxStore outbox,
        DeadRows dead,
        CommitRetry retry,
        TaskRunEnds ends,
        RunAdmission admission,
        DelayedTaskRuns delayed,
        RunLogs logs,
        TimeProvider time,
        IIdGenerator ids
    )
    {
        (_store, _reader, _calls, _judge, _commits, _taskRuns) = (store, reader, calls, judge, commits, taskRuns);
        (_outbox, _dead, _retry, _ends, _admission, _delayed) = (outbox, dead, retry, ends, admission, delayed);
        (_logs, _time, _ids) = (logs, time, ids);
    }

    /// <summary>
    /// Creates a task run, or gives the one that is there for the same task and key. Task run, input and the outbox entry that starts
    /// it are one commit.
    /// </summary>
    /// <exception cref="RequestConflictException">A client has created a task run of that task and key.</exception>
    /// <exception cref="OverloadedException">Too many runs wait to be started.</exception>
    public async Task<TaskRunCreated> CreateAsync(BackgroundTaskRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var id = _ids.NewId();
        var key = request.DynamicKey ?? id.ToString("N");
        var home = TaskRunKeys.Home(null, request.TaskKey, key);
        var call = TaskRunKeys.Call(home, request.TaskKey, key);
        var created = await _retry.RunAsync(token => TryCreateAsync(request, id, key, home, call, token), cancellationToken);
        if (request.DelayedBy is { } flowRunId && await _reader.FlowRunAsync(flowRunId, cancellationToken) is null)
        {
            // Deleted meanwhile: whoever removes what it left may have come before this task run.
            await _delayed.LeaveAsync(flowRunId, cancellationToken);
        }

        return created;
    }

    /// <summary>A background task run with its input; null when there is no such run, or it is none of this app.</summary>
    public async Task<BackgroundTask?> FindAsync(Guid taskRunId, CancellationToken cancellationToken = default) =>
        await _reader.TaskRunAsync(taskRunId, cancellationToken) is { Attempt: { BackgroundDue: not null, TaskRun: { } run } }
        && await _store.GetAsync(BackgroundRows.Input(TaskRunKeys.Home(run), run.Id), cancellationToken) is { } input
            ? new BackgroundTask(run, RowTexts.Read(input))
            : null;

    /// <summary>How a background task run is, or ended, with its result; null when there is no such run, or it is none of this
    /// app.</summary>
    public async Task<BackgroundTaskResult?> GetResultAsync(Guid taskRunId, CancellationToken cancellationToken = default) =>
        await _reader.TaskRunAsync(taskRunId, cancellationToken) is { Attempt: { BackgroundDue: not null } attempt }
            ? new BackgroundTaskResult(attempt.TaskRun, (await _taskRuns.ResultOfAsync(attempt, cancellationToken)).Json)
            : null;

    /// <summary>Waits until a background task run has ended.</summary>
    /// <returns>How; null when there is no such run (any more).</returns>
    public async Task<BackgroundTaskResult?> WaitAsync(Guid taskRunId, CancellationToken cancellationToken = default)
    {
        // Before the first look: an end that comes after it is heard of.
        using var waiter = _ends.Watch(taskRunId);
        while (true)
        {
            var found = await GetResultAsync(taskRunId, cancellationToken);
            if (found?.Run.StateType?.IsFinal() is not false)
            {
                return found;
            }

            await Task.WhenAny(waiter.Ended, Task.Delay(LookEvery, _time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Those that have not ended, and were to start before a time.</summary>
    public async IAsyncEnumerable<TaskRun> OpenAsync(
        DateTimeOffset before,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        await foreach (var row in _store.MergeAsync(RunKeys.ListBefore(BackgroundRows.Open, before), cancellationToken: cancellationToken))
        {
            StoredTaskRun? stored;
            try
            {
                stored = await _reader.TaskRunAsync(BackgroundRows.RunOf(row.RowKey), cancellationToken);
            }
            catch (RowDamagedException)
            {
                continue;
            }

            if (stored is { TaskRun: { } run } && run.StateType?.IsFinal() is not true)
            {
                yield return run;
            }
            else
            {
                await _dead.DeleteAsync(RunKeys.Index, [row], cancellationToken);
            }
        }
    }

    /// <summary>Deletes what the log of a deleted task run has still: its code may have gone on for a while.</summary>
    public Task DeleteLinesAsync(Guid taskRunId, CancellationToken cancellationToken = default) =>
        _logs.DeleteAsync(new LogPlace(null, taskRunId), cancellationToken);

    /// <summary>Has the orchestrations of a deleted task run removed again: one of them started after that.</summary>
    public Task RequestPurgeAsync(Guid taskRunId, CancellationToken cancellationToken = default) =>
        _outbox.WriteAsync(BackgroundRows.RemovalEntry(_ids, _time.GetUtcNow(), taskRunId), cancellationToken);

    private async Task<TryResult<TaskRunCreated>> TryCreateAsync(
        BackgroundTaskRequest request,
        Guid id,
        string key,
        Guid home,
        RowAddress call,
        CancellationToken cancellationToken
    )
    {
        if (await _calls.FindAsync(home, call, engines: null, cancellationToken) is { } existing)
        {
            return existing.BackgroundDue is not null
                ? new TaskRunCreated(existing.TaskRun, Created: false)
                : throw new RequestConflictException(
                    $"A client has created a task run with the key '{key}' for the task '{request.TaskKey}': {existing.TaskRun.Id}."
                );
        }

        await _admission.AdmitAsync(cancellationToken);
        var now = WireClock.Now(_time);
        TaskRun draft = new()
        {
            Id = id,
            Created = now,
            Updated = now,
            Name = string.IsNullOrEmpty(request.Name) ? RunNames.For(id) : request.Name,
            TaskKey = request.TaskKey,
            DynamicKey = key,
            TaskVersion = request.TaskVersion,
            EmpiricalPolicy = request.EmpiricalPolicy,
            Tags = request.Tags,
            DelayedBy = request.DelayedBy,
        };
        draft = request.TaskInputs is { } inputs ? draft with { TaskInputs = inputs } : draft;
        var due = request.ScheduledTime ?? now;
        var first = ProposedStates.Scheduled(due, details: new StateDetails { Deferred = true });
        var judgement = await _judge.JudgeNewAsync(draft, new[] { first }, flowRun: null, EngineTaskPolicy.Instance, cancellationToken);
        TaskRunAdditions with = new()
        {
            With =
            [
                .. TaskRunCalls.Claim(call, id, flowRow: null, flowRun: null),
                RowOperation.Insert(BackgroundRows.Input(home, id), RowTexts.Of(request.Input)),
            ],
            Entries = [BackgroundRows.Entry(_ids, now, judgement.Run)],
            BackgroundDue = due,
        };
        return await _commits.TryWriteAsync(null, null, judgement, null, cancellationToken, with) is not null
            ? new TaskRunCreated(judgement.Run, Created: true)
            : default(TryResult<TaskRunCreated>);
    }
}
