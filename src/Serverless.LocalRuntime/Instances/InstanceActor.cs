using Serverless.Storage;

namespace Serverless.LocalRuntime.Instances;

/// <summary>
/// One instance in memory: a mailbox, and a pump that gives everything waiting to the instance as one turn at a time.
/// </summary>
internal sealed class InstanceActor(string id, RuntimeCore core) : IThreadPoolWorkItem
{
    /// <summary>Characters of payload after which a turn takes no more messages.</summary>
    private const int MaxTurnSize = 4 * 1024 * 1024;

    private const int MaxTurnMessages = 10_000;

    /// <summary>Turns in a row that may fail for a reason that is not the store's; after the next one the instance fails.</summary>
    private const int MaxFaults = 3;

    /// <summary>Conflicts in a row after which it is another process that writes, not an earlier commit that came late.</summary>
    private const int MaxConflicts = 3;

    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly LinkedList<InstanceMessage> _mailbox = [];
    private readonly Instance _instance = new(id, core);
    private bool _pumping;
    private bool _evicted;
    private List<InstanceMessage> _batch = [];
    private int _failures;
    private int _conflicts;
    private int _faults;

    public string Id => id;

    /// <summary>When it last had something to do.</summary>
    public long LastActive { get; private set; }

    /// <summary>True while it has messages, or handles some.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_lock)
            {
                return _pumping;
            }
        }
    }

    /// <summary>Puts a message into the mailbox; false when the actor has left memory and another one has to take it.</summary>
    public bool Post(InstanceMessage message)
    {
        lock (_lock)
        {
            if (_evicted)
            {
                return false;
            }

            _mailbox.AddLast(message);
            if (_pumping)
            {
                return true;
            }

            _pumping = true;
        }

        // Without the caller's execution context: the orchestrator must not inherit a request's trace or culture.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    void IThreadPoolWorkItem.Execute() => _ = PumpAsync();

    /// <summary>Leaves memory if nothing is under way.</summary>
    public bool TryEvict()
    {
        lock (_lock)
        {
            if (_pumping || _evicted || !_instance.CanLeave)
            {
                return false;
            }

            _evicted = true;
            return true;
        }
    }

    /// <summary>At the end of the process: answers those who still wait.</summary>
    public void Reject(Exception reason)
    {
        InstanceMessage[] left;
        lock (_lock)
        {
            _evicted = true;
            left = [.. _mailbox];
            _mailbox.Clear();
        }

        InstanceMessage.Reject(left, reason);
        _instance.RejectWaiting(reason);
    }

    /// <summary>
    /// Takes the instance from a pump whose orchestrator does not come back, and fails it. That pump takes no further part: it ends as soon
    /// as it finds its turn lost.
    /// </summary>
    public void TakeOver(TurnOverdueException reason)
    {
        core.Logger.TurnOverdue(id, reason.Message);
        PutBack([new InstanceMessage.Break { Reason = reason, Batch = _batch }]);
        core.ExitPump();
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private async Task PumpAsync()
    {
        if (!core.EnterPump())
        {
            return;
        }

        // What a turn leads to is not seen outside before somebody has waited for the disk: activities, clients and requests do.
        using var deferred = DeferredCommits.Begin();
        var lost = false;
        try
        {
            while (Take() is { } batch)
            {
                _batch = batch;
                await ProcessAsync(batch);
            }
        }
        catch (TurnLostException)
        {
            // Another pump has taken over, and counts in place of this one.
            lost = true;
        }
        finally
        {
            if (!lost)
            {
                core.ExitPump();
            }
        }
    }

    /// <summary>The messages of the next turn; null when there are none, or no more because the process ends.</summary>
    private List<InstanceMessage>? Take()
    {
        lock (_lock)
        {
            if (_mailbox.Count == 0 || core.Stopping.IsCancellationRequested)
            {
                _pumping = core.Stopping.IsCancellationRequested;
                LastActive = core.Time.GetTimestamp();
                _evicted = !_pumping && _instance.IsGone;
                if (_evicted)
                {
                    core.Forget(this);
                }

                return null;
            }

            List<InstanceMessage> batch = [];
            var size = 0;
            while (_mailbox.First is { } first && batch.Count < MaxTurnMessages && size < MaxTurnSize)
            {
                // A start needs to know how the instance is after all before it, and a purge is no turn.
                if (
                    batch.Count > 0
                    && (
                        batch[0] is InstanceMessage.Purge or InstanceMessage.Break
                        || first.Value is InstanceMessage.Start or InstanceMessage.Purge or InstanceMessage.Break
                    )
                )
                {
                    break;
                }

                batch.Add(first.Value);
                size += first.Value.Size;
                _mailbox.RemoveFirst();
            }

            return batch;
        }
    }

    private async Task ProcessAsync(List<InstanceMessage> batch)
    {
        try
        {
            PutBack(await _instance.ProcessAsync(batch));
            _failures = 0;
            _conflicts = 0;

            // What comes with a recovery is the next turn's, and is still to be tried.
            _faults = batch.TrueForAll(message => message is InstanceMessage.Recover) ? _faults : 0;
        }
        catch (TurnLostException)
        {
            throw;
        }
        catch (Exception exception)
            when (exception is RowStoreUnavailableException || (exception is InstanceConflictException && _conflicts++ < MaxConflicts))
        {
            // Whether the commit was applied, or will be, is unknown. Forget the state in memory and continue from the stored one.
            core.Logger.StoreUnavailable(id, exception);
            PutBack(_instance.Reset(batch, exception));
            await DelayAsync(_failures++);
        }
        catch (Exception exception) when (exception is not InstanceConflictException && _faults < MaxFaults)
        {
            // Of the process (memory, say), or a mistake of ours: mostly the next try succeeds.
            core.Logger.TurnFailed(id, exception);
            PutBack(_instance.Reset(batch, exception));
            await DelayAsync(_faults++);
        }
        catch (Exception exception) when (exception is not InstanceConflictException && batch[0] is not InstanceMessage.Break)
        {
            core.Logger.InstanceBroken(id, exception);
            _faults = 0;
            PutBack([new InstanceMessage.Break { Reason = exception, Batch = batch }]);
        }
#pragma warning disable CA1031 // The pump must outlive whatever happens to one instance; the fault is kept and told to every caller.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            core.Logger.InstanceFaulted(id, exception);
            _instance.Fault(batch, exception);
        }
    }

    private async Task DelayAsync(int failures)
    {
        var delay = TimeSpan.FromMilliseconds(Math.Min(LongestRetryDelay.TotalMilliseconds, 100 * Math.Pow(2, failures)));
        await Task.Delay(delay, core.Time, core.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Puts messages before all others, in their order.</summary>
    private void PutBack(IReadOnlyList<InstanceMessage> messages)
    {
        if (messages.Count == 0)
        {
            return;
        }

        lock (_lock)
        {
            for (var i = messages.Count - 1; i >= 0; i--)
            {
                _mailbox.AddFirst(messages[i]);
            }
        }
    }
}
