using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;
using Serverless.Server.Runs.Writing;
using Serverless.Server.Telemetry;
using Serverless.Storage;

namespace Serverless.Server.Concurrency;

/// <summary>
/// Releases slots that nobody holds: a crash after the slot was taken and before the run's row was written, a lease that a client no
/// longer renews, or a slot that a client took for a task run that has ended. Also cancels runs that give way to newer ones, where a crash
/// kept that from being done, and deletes limits whose creation was interrupted by one.
/// </summary>
public sealed class SlotSweep
{
    /// <summary>A slot that was taken later may belong to a run whose row is still to be written.</summary>
    internal static readonly TimeSpan MinimumAge = TimeSpan.FromMinutes(1);

    /// <summary>After this time a limit without a name is taken for one whose creation was interrupted.</summary>
    internal static readonly TimeSpan NamelessAge = TimeSpan.FromHours(1);

    private const int PageSize = 1000;

    // Once a run's row names a lease, only the commit that gives it back makes an end of that: a slot is looked up once.
    private HashSet<Guid> _held = [];
    private HashSet<Guid> _heldSoFar = [];
    private string? _continuation;
    private int _waiting;
    private int _isRunning;

    private readonly IRowStore _store;
    private readonly TimeProvider _time;
    private readonly ConcurrencyLimits _limits;
    private readonly RunWriter _writer;
    private readonly FlowRunProposals _proposals;
    private readonly RunReader _reader;

    internal SlotSweep(
        IRowStore store,
        TimeProvider time,
        ConcurrencyLimits limits,
        RunReader reader,
        RunWriter writer,
        FlowRunProposals proposals
    )
    {
        _reader = reader;
        _proposals = proposals;
        _store = store;
        _time = time;
        _limits = limits;
        _writer = writer;
    }

    /// <summary>Looks at the next thousand slots; those behind them are the next call's.</summary>
    /// <returns>How many slots were released; none while another call does the same.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isRunning, 1) == 1)
        {
            return 0;
        }

        try
        {
            var page = await _store.QueryAsync(RowRange.WholeTable(ConcurrencyKeys.Limits), PageSize, _continuation, cancellationToken);
            var freed = 0;
            HashSet<Guid> seen = [];
            List<Guid> limits = [];
            foreach (var row in page.Rows)
            {
                seen.Add(Guid.ParseExact(row.PartitionKey, "N"));
                if (row.RowKey is ConcurrencyKeys.LimitRow or ConcurrencyKeys.NameRow)
                {
                    if (row.RowKey == ConcurrencyKeys.LimitRow)
                    {
                        var limit = StoredLimit.From(row, []);
                        if (limit.IsNamed)
                        {
                            limits.Add(limit.Id);
                        }
                        else if (_time.GetUtcNow() - limit.Updated > NamelessAge)
                        {
                            await _limits.DeleteAsync(limit.Id, cancellationToken);
                        }
                    }

                    continue;
                }

                var slot = StoredSlot.From(row);
                if (!await IsHeldAsync(slot, cancellationToken) && await _limits.Book.RemoveAsync([slot], cancellationToken) > 0)
                {
                    freed++;
                    if (slot.Instance is { } instance)
                    {
                        // The run may not have heard that the slot was its own. If it waits still, it queues again, in its old place.
                        _limits.Queue.Tell(slot.Owner, instance);
                    }
                }
            }

            foreach (var limitId in limits)
            {
                if (await _limits.Overlaps.HasAnyAsync(limitId, cancellationToken))
                {
                    await _proposals.CancelOlderAsync(limitId, cancellationToken);
                }
            }

            // Slots that were released while no run could be woken.
            foreach (var limitId in seen)
            {
                await _limits.Queue.HandOutAsync(limitId, null, cancellationToken);
                _waiting += ServerMetrics.SlotsWaiting.Enabled ? await _limits.Queue.CountAsync(limitId, cancellationToken) : 0;
            }

            _continuation = page.Continuation;
            if (_continuation is null)
            {
                (_held, _heldSoFar) = (_heldSoFar, []);
                ServerMetrics.SlotsWaiting.Record(_waiting);
                _waiting = 0;
            }

            return freed;
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }
    }

    /// <summary>Whether a task run that a client took a slot for needs it no more. Of one that is not there yet nobody can say.</summary>
    private async ValueTask<bool> HasEndedAsync(Guid taskRunId, CancellationToken cancellationToken) =>
        await _reader.ListedTaskRunAsync(taskRunId, cancellationToken) is { TaskRun.StateType: { } type } && type.IsFinal();

    private async ValueTask<bool> IsHeldAsync(StoredSlot slot, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (!slot.IsLive(now))
        {
            return false;
        }

        if (now - slot.Claimed < MinimumAge)
        {
            return true;
        }

        if (slot.Client is { } client)
        {
            return client is not { IsLeased: false, Holder: { Type: LeaseHolderType.TaskRun } holder }
                || !await HasEndedAsync(holder.Id, cancellationToken);
        }

        if (_held.Contains(slot.LeaseId) || _heldSoFar.Contains(slot.LeaseId))
        {
            _heldSoFar.Add(slot.LeaseId);
            return true;
        }

        var address = slot.Owner.Row;
        Row? owner;
        try
        {
            owner = await _store.GetAsync(address, cancellationToken);
        }
        catch (RowDamagedException)
        {
            // Nobody can tell; the sweep continues with the others.
            return true;
        }

        if (owner is not { } row)
        {
            return false;
        }

        if (SlotLeaseText.Read(row)?.Id == slot.LeaseId)
        {
            _heldSoFar.Add(slot.LeaseId);
            return true;
        }

        // The row is written as it is: the commit with which the run would hold the slot, if it is under way still, fails from now on.
        return !await _writer.TryFenceAsync(address, row, cancellationToken);
    }
}
