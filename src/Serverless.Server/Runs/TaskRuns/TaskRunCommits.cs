using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Concurrency;
using Serverless.Server.Runs.Writing;

namespace Serverless.Server.Runs;

/// <summary>
/// Writes what the rules made of a task run, and sees to its slots. A commit that starts an attempt requires the flow run's permit, so that
/// no work starts under a flow run that was stopped, started again or deleted meanwhile; every other one rests on the task run's own row.
/// </summary>
internal sealed class TaskRunCommits(RunWriter writer, TimeProvider time, ConcurrencyLimits limits, TaskWorkers workers, TaskRunEnds ends)
{
    /// <summary>
    /// Writes what was judged; null when the task run, the permit to start it, or a limit is not as it was.
    /// </summary>
    /// <param name="flowRun">The flow run that it was judged by; null outside any flow.</param>
    /// <param name="before">The task run as it was; null for a new one.</param>
    /// <param name="judgement">What is to be written.</param>
    /// <param name="resultJson">The result to store if the task run completes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="with">What the commit has besides; null for nothing.</param>
    /// <param name="inTurn">True for a task run that does not overtake those who wait for slots.</param>
    /// <returns>The task run as it is now.</returns>
    public async ValueTask<TaskRunAttempt?> TryWriteAsync(
        FlowRun? flowRun,
        TaskRunAttempt? before,
        Judgement<TaskRun> judgement,
        string? resultJson,
        CancellationToken cancellationToken,
        TaskRunAdditions? with = null,
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
            After = new TaskRunAttempt(run, judgement.Lease, "", flowRun, before?.History ?? RunHistory.None)
            {
                BackgroundDue = before is null ? with?.BackgroundDue : before.BackgroundDue,
            },
            Written = judgement.Written,
            ResultJson = judgement.Answer.IsAccepted ? resultJson : judgement.CachedResultJson,
            With = with?.With ?? [],
            Derived = judgement.Derived,
            Entries = with?.Entries ?? [],
        };
        if (await writer.TryWriteAsync(change, cancellationToken) is not (true, { } after))
        {
            await limits.UndoAsync(before?.Lease, judgement.Lease, cancellationToken);
            return null;
        }

        workers.OnWritten(after.TaskRun, before?.TaskRun.State);
        if (after is { BackgroundDue: not null, TaskRun.StateType: { } entered } && entered.IsFinal())
        {
            ends.OnEnded(run.Id);
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
}
