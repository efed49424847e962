using Serverless.LocalRuntime.Client;
using Serverless.LocalRuntime.Execution;
using Serverless.LocalRuntime.History;

namespace Serverless.LocalRuntime.Instances;

/// <summary>
/// The state of one instance and what its messages do to it. A turn changes memory, is committed as one commit, and
/// only then has effects. Used by one pump at a time.
/// </summary>
internal sealed class Instance(string id, RuntimeCore core)
{
    private readonly InstanceEffects _effects = new(id, core);
    private readonly Waiters _waiters = new(id);
    private readonly StartAdmission _starts = new(id, core);
    private InstanceRecord? _record;
    private OrchestrationExecution? _execution;
    private string? _etag;
    private bool _read;
    private bool _mayBeNew = true;
    private Exception? _fault;

    /// <summary>True when nothing is lost if the instance leaves memory. Read by the evicting thread while no pump runs.</summary>
    public bool CanLeave => _fault is null && _waiters.AreGone && _effects.AreDone && _starts.NoneWaits;

    /// <summary>True when there is nothing to keep in memory: no such instance, or it has ended.</summary>
    public bool IsGone => CanLeave && (_record is null || _record.IsFinal);

    /// <summary>Takes the messages of one turn.</summary>
    /// <returns>Messages to be taken again, before all others.</returns>
    public async ValueTask<IReadOnlyList<InstanceMessage>> ProcessAsync(List<InstanceMessage> batch)
    {
        if (_fault is not null)
        {
            InstanceMessage.Reject(batch, _fault);
            return [];
        }

        // Most starts use a new random id, so nothing is read first: the commit finds out whether the id is taken.
        var assumed = !_read && _mayBeNew && batch[0] is InstanceMessage.Start;
        _mayBeNew = false;
        if (!_read && !assumed && await core.Store.ReadAsync(id, core.Stopping) is var found)
        {
            (_record, _etag) = found is { } row ? (row.Record, row.ETag) : (null, null);
            _read = true;
        }

        if (batch[0] is InstanceMessage.Purge purge)
        {
            purge.Answer.TrySetResult(await PurgeAsync());
            return [];
        }

        if (batch[0] is InstanceMessage.Break broken)
        {
            await BreakAsync(broken);
            return _starts.TakeWaiting();
        }

        var creating = false;
        if (batch[0] is InstanceMessage.Start start)
        {
            if (StartAdmission.MustEndFirst(start, _record))
            {
                return End(batch);
            }

            creating = await _starts.AdmitAsync(start, _record);
        }

        if (!creating && _record is { IsFinal: true } && batch.Exists(message => message is InstanceMessage.Recover))
        {
            // The commit of unknown outcome was the last one: what follows from it is still to be done.
            core.Wakes.Set(id, null);
            InstanceEffects.NotifyParent(core, await core.Store.ReadWholeAsync(id, core.Stopping) ?? _record);
        }

        if (
            !creating
            && (_record is not { IsFinal: false } || batch.TrueForAll(message => message is InstanceMessage.Start or InstanceMessage.Await))
        )
        {
            if (_record is not { IsFinal: false })
            {
                InstanceMessage.Reject(
                    batch.Where(message => message is InstanceMessage.External { FromClient: true }),
                    ClientErrors.Refusal(id, _record)
                );
            }

            Settle(batch);

            // One whose start was given up for lost and came to the store late: nobody drives it yet.
            return _record is { IsFinal: false } && _execution is null && batch[0] is InstanceMessage.Start
                ? [new InstanceMessage.Recover()]
                : [];
        }

        if (!creating)
        {
            await LoadAsync();
            await SettleChildrenAsync(batch);
        }

        try
        {
            await TurnAsync(batch, creating ? (InstanceMessage.Start)batch[0] : null);
        }
        catch (InstanceConflictException) when (assumed)
        {
            Forget();
            return batch;
        }

        _read = true;
        return IsEnding
            ? ContinuesAtOnce
                ? [new InstanceMessage.Wake()]
                : []
            : _starts.TakeWaiting();
    }

    /// <summary>Forgets what is in memory after a commit of unknown outcome.</summary>
    /// <returns>The messages that are still to be taken; callers who wait are told.</returns>
    public IReadOnlyList<InstanceMessage> Reset(List<InstanceMessage> batch, Exception reason)
    {
        Forget();
        List<InstanceMessage> again = batch.Exists(message => message is InstanceMessage.Break) ? [] : [new InstanceMessage.Recover()];
        foreach (var message in batch)
        {
            if (
                message
                is InstanceMessage.TaskEnded
                    or InstanceMessage.Await
                    or InstanceMessage.Break
                    or InstanceMessage.Start { Parent: not null }
            )
            {
                again.Add(message);
            }
            else
            {
                InstanceMessage.Reject([message], reason);
            }
        }

        return [.. again, .. _starts.TakeWaiting()];
    }

    private void Forget()
    {
        _read = false;
        _record = null;
        _etag = null;
        _execution = null;
        _effects.UnsentTurns.Clear();
    }

    /// <summary>Gives the instance up: another owner writes it, or it cannot be read.</summary>
    public void Fault(List<InstanceMessage> batch, Exception reason)
    {
        _fault = reason;
        InstanceMessage.Reject(batch, reason);
        RejectWaiting(reason);
    }

    /// <summary>Answers those whose messages were taken and wait for something still to come.</summary>
    public void RejectWaiting(Exception reason)
    {
        _waiters.Reject(reason);
        InstanceMessage.Reject(_starts.TakeWaiting(), reason);
    }

    /// <summary>True when the execution has ended, but the commit that says so is still to come.</summary>
    private bool IsEnding => _record is { IsFinal: false } && _execution?.Outcome is not null;

    /// <summary>True when that commit waits for nothing more.</summary>
    private bool ContinuesAtOnce => IsEnding && _effects.UnsentTurns.Count == 0;

    /// <summary>Ends the instance in whose place the first message starts another one.</summary>
    /// <returns>Messages to be taken before all others.</returns>
    private List<InstanceMessage> End(List<InstanceMessage> batch)
    {
        if (!IsEnding)
        {
            return [new InstanceMessage.External { Event = new HistoryEvent { Kind = HistoryEventKind.Terminated } }, .. batch];
        }

        // That what it sent has arrived is told by a message behind the start, which must not wait for the start in turn.
        _starts.Wait(batch[0]);
        return batch[1..];
    }

    /// <summary>Fails the instance as it is stored, without its orchestrator; an instance that is not stored yet never begins.</summary>
    private async Task BreakAsync(InstanceMessage.Break broken)
    {
        if (_execution is { } execution)
        {
            execution.Closed = true;
        }

        Forget();
        var failure = Failure.From(broken.Reason);
        if (await core.Store.ReadAsync(id, core.Stopping) is not { } found || found.Record.IsFinal)
        {
            foreach (var start in broken.Batch.OfType<InstanceMessage.Start>().Where(start => start.Parent is not null))
            {
                InstanceEffects.Notify(
                    core,
                    start.Parent!,
                    new HistoryEvent
                    {
                        Kind = HistoryEventKind.TaskFailed,
                        TaskId = start.Parent!.TaskId,
                        Failure = failure,
                    }
                );
            }
        }
        else
        {
            var failed = found.Record.Failed(failure, core.Time.GetUtcNow());
            _etag = await core.Store.FailAsync(failed, found.ETag);
            _record = failed;
            _read = true;
            core.Wakes.Set(id, null);
            _effects.Clear();
            InstanceEffects.NotifyParent(core, failed);
        }

        core.Marks.Forget(id);
        _waiters.AddRange(broken.Batch.OfType<InstanceMessage.Await>());
        InstanceMessage.Reject(broken.Batch.Where(message => message is not InstanceMessage.Await), broken.Reason);
        _waiters.Tell(_record);
    }

    private async Task<PurgeAnswer> PurgeAsync()
    {
        if (_record is null)
        {
            return PurgeAnswer.NotFound;
        }

        if (!_record.IsFinal)
        {
            return PurgeAnswer.NotFinal;
        }

        await core.Store.PurgeAsync(id, core.Stopping);
        _record = null;
        _etag = null;
        return PurgeAnswer.Purged;
    }

    /// <summary>Brings the orchestrator back to where its history ends, if it is not in memory.</summary>
    private async Task LoadAsync()
    {
        if (_execution is not null)
        {
            return;
        }

        var record = _record!;
        using (var mark = await core.Marks.AdmitAsync(id))
        using (var slot = await core.EnterLoadAsync(id))
        {
            // Not while it waits for the slot: it does nothing then of which a process dies.
            mark.Begin();
            (var execution, var unsent) = await HistoryReplay.RunAsync(core, record, slot);
            _execution = execution;
            core.Wakes.Set(id, record.WakeAt);
            _effects.SendEvents(execution, unsent, record.UnsentTurn ?? 0);

            if (!execution.Abandoned)
            {
                // Nothing is to be started for an instance that was not in memory, unless its last commit came to the store late.
                _effects.RecoverActivities(execution, record);
            }
        }

        await TrimAsync();
    }

    /// <summary>Deletes what is left of the history of former executions.</summary>
    private async Task TrimAsync()
    {
        if (_record is { } record && record.FirstExecution < record.Execution)
        {
            await core.Store.TrimAsync(id, record.Execution, core.Stopping);
            _record = record with { FirstExecution = record.Execution };
        }
    }

    /// <summary>
    /// Before a termination: terminates the sub-orchestrations if it is recursive, so that a crash in between leaves the parent to be
    /// asked again. Otherwise waits until those that are being started are stored, so that whoever looks for them after the termination
    /// finds them.
    /// </summary>
    private async Task SettleChildrenAsync(List<InstanceMessage> batch)
    {
        InstanceMessage.External[] terminations =
        [
            .. batch.OfType<InstanceMessage.External>().Where(message => message.Event.Kind == HistoryEventKind.Terminated),
        ];
        if (terminations.Length > 0 && _execution is { } execution)
        {
            var recursive = Array.Find(terminations, message => message.Recursive);
            string[] children =
            [
                .. execution.Calls.Where(call => call.Kind == ActionKind.SubOrchestration).Select(call => call.InstanceId!),
            ];
            await Task.WhenAll(
                children.Select(child => recursive is null ? _effects.StoredAsync(child) : _effects.TerminatedAsync(child, recursive.Event))
            );
        }
    }

    private async Task TurnAsync(List<InstanceMessage> batch, InstanceMessage.Start? start)
    {
        var now = core.Time.GetUtcNow();
        var before = _record;
        var record = start is null ? before! : InstanceRecord.Of(id, start, _record, now);
        var execution = start is null ? _execution! : core.CreateExecution(record);
        TurnEvents turn = new(execution, now, _effects.UnsentTurns);
        turn.Collect(batch, start);
        var events = turn.Events;
        if (events.Count == 0 && execution.Outcome is null && !turn.HaveSentArrived)
        {
            // Woken, but by this look at the clock nothing is due: the timer waits on.
            core.Wakes.Set(id, record.WakeAt);
            Recover(batch, execution);
            Settle(batch);
            return;
        }

        TurnCommit commit = new(id, core, record, execution, now);
        using var mark = await core.Marks.AdmitAsync(id);
        using (var slot = await core.EnterTurnAsync(id))
        {
            mark.Begin();
            if (events.Count > 0 && !execution.Abandoned)
            {
                commit.Run(events, _effects.UnsentTurns, slot);
            }

            if (commit.Execution.Outcome is { } outcome && _effects.UnsentTurns.Count == 0)
            {
                commit.End(outcome, _effects.UnsentTurns, slot);
            }
        }

        var etag = await commit.CommitAsync(before, _etag, _effects.UnsentTurns);
        mark.Done();
        _etag = etag;
        _record = commit.Record;
        _execution = commit.Execution;
        _effects.CarryOut(commit);
        Recover(batch, execution);
        Settle(batch);
        await TrimAsync();
    }

    /// <summary>After a restart, or a commit of unknown outcome: starts what nobody works on.</summary>
    private void Recover(List<InstanceMessage> batch, OrchestrationExecution execution)
    {
        if (_record is { IsFinal: false } record && _execution == execution && batch.Exists(message => message is InstanceMessage.Recover))
        {
            _effects.Recover(execution, record);
        }
    }

    /// <summary>Tells the senders that their messages are done, and those who wait what they wait for.</summary>
    private void Settle(List<InstanceMessage> batch)
    {
        foreach (var message in batch)
        {
            message.Done?.TrySetResult();
            switch (message)
            {
                case InstanceMessage.Await wait:
                    _waiters.Add(wait);
                    break;
                case InstanceMessage.TaskEnded ended:
                    _effects.Ended(ended);
                    break;
                default:
                    break;
            }
        }

        _waiters.Tell(_record);
    }
}
