using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Serverless.Storage;

namespace Serverless.LocalRuntime.Ownership;

/// <summary>
/// Makes this process the only one that runs the instances of a store that several could open: a row that it renews as
/// long as it lives. Two owners at a time, as after a long standstill of one, do no harm to what is stored: every commit
/// of an instance requires the ETag of the one before.
/// </summary>
public sealed class StoreLease : IAsyncDisposable
{
    /// <summary>How far the clocks of two machines may be apart for an expiry in the past to be believed.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly IRowStore _rows;
    private readonly StoreLeaseOptions _options;
    private readonly TimeProvider _time;
    private readonly Guid _id;
    private readonly CancellationTokenSource _released = new();
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _etag;
    private bool _disposed;
    private Task _renewing = Task.CompletedTask;

    private StoreLease(IRowStore rows, StoreLeaseOptions options, TimeProvider time)
    {
        _rows = rows;
        _options = options;
        _time = time;
        _id = Guid.CreateVersion7(time.GetUtcNow());
    }

    /// <summary>
    /// Completes, with one line for the operator, when the store turns out to be another process's: this one has to stop.
    /// </summary>
    public Task<string> Lost => _lost.Task;

    /// <summary>
    /// Makes the store this process's. When the process before has ended without giving it back, waits until its time is over.
    /// </summary>
    /// <param name="rows">The store.</param>
    /// <param name="options">Duration, and who this process is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="report">Takes one line when there is something to wait for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreInUseException">The other process is alive.</exception>
    /// <exception cref="RowStoreUnavailableException">The store cannot be reached.</exception>
    public static async Task<StoreLease> AcquireAsync(
        IRowStore rows,
        StoreLeaseOptions options,
        TimeProvider time,
        Action<string> report,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(report);
        StoreLease lease = new(rows, options, time);
        await lease.TakeAsync(report, cancellationToken);
        lease._renewing = lease.RenewAllAsync();
        return lease;
    }

    /// <summary>Gives the store back, for the next process to have it at once.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        await _released.CancelAsync();
        await _renewing;
        _released.Dispose();
        if (!_lost.Task.IsCompleted)
        {
            try
            {
                await _rows.CommitAsync(new RowCommit().Add(RowOperation.Delete(LeaseRow.Address, _etag)));
            }
            catch (RowStoreUnavailableException)
            {
                // Then the next process waits until the time is over.
            }
        }
    }

    private async Task TakeAsync(Action<string> report, CancellationToken cancellationToken)
    {
        Row? first = null;
        long since = 0;
        var reported = false;
        while (true)
        {
            var row = await _rows.GetAsync(LeaseRow.Address, cancellationToken);
            var other = row is null ? null : LeaseRow.Read(row);
            if (other is not null && first is not null && first.ETag != row!.ETag)
            {
                throw new StoreInUseException(other.Owner);
            }

            if (other is null || IsOver(other, first is null ? TimeSpan.Zero : _time.GetElapsedTime(since)))
            {
                if (await WriteAsync(row?.ETag, cancellationToken))
                {
                    return;
                }

                continue;
            }

            if (first is null)
            {
                first = row;
                since = _time.GetTimestamp();
            }

            if (!reported && Silence(other, since) > (other.Duration / 3) + Look)
            {
                // One that is alive would have been heard of by now.
                reported = true;
                report(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The storage was in use by {other.Owner}, which ended without releasing it: waiting until its "
                            + $"{other.Duration.TotalSeconds:0.#} s have passed."
                    )
                );
            }

            await Task.Delay(Look, _time, cancellationToken);
        }
    }

    /// <summary>
    /// For how long nothing was heard of the other: by the clock of a machine that both share, or since this process looks.
    /// </summary>
    private TimeSpan Silence(LeaseRow other, long since) =>
        other.Machine == _options.Machine ? _time.GetUtcNow() - (other.Expires - other.Duration) : _time.GetElapsedTime(since);

    /// <summary>
    /// True when the other's time is over: by the clock of a machine that both share, or as far as no two clocks differ, or
    /// because nothing was heard of it for as long as this process has looked.
    /// </summary>
    private bool IsOver(LeaseRow other, TimeSpan silence)
    {
        var tolerance = other.Machine == _options.Machine ? TimeSpan.Zero : ClockTolerance;
        return other.Expires + tolerance <= _time.GetUtcNow() || silence >= other.Duration;
    }

    [SuppressMessage(
        "Design",
        "CA1031:Do not catch general exception types",
        Justification = "If the lease cannot be renewed, the process ends with the reason."
    )]
    private async Task RenewAllAsync()
    {
        var wait = _options.Duration / 3;
        while (true)
        {
            await Task.Delay(wait, _time, _released.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_released.IsCancellationRequested)
            {
                return;
            }

            try
            {
                if (await RenewAsync() is { } owner)
                {
                    _lost.TrySetResult(
                        $"The storage was taken over by another process ({owner}), because this one did not renew its lease in time; "
                            + "this one stops."
                    );
                    return;
                }

                wait = _options.Duration / 3;
            }
            catch (RowStoreUnavailableException)
            {
                // While the store is away nobody can take it over. When it is back, either it is still ours or we are told.
                wait = Look;
            }
            catch (Exception exception)
            {
                _lost.TrySetResult($"The lease on the storage cannot be renewed ({exception.Message}); this process stops.");
                return;
            }
        }
    }

    /// <summary>Renews the lease; returns who has it when that is somebody else.</summary>
    private async Task<string?> RenewAsync()
    {
        while (!await WriteAsync(_etag, CancellationToken.None))
        {
            // By somebody else; or by ourselves, when the outcome of a renewal was unknown.
            var row = await _rows.GetAsync(LeaseRow.Address);
            if (row is not null && LeaseRow.Read(row) is var other && other.Id != _id)
            {
                return other.Owner;
            }

            _etag = row?.ETag;
        }

        return null;
    }

    private async Task<bool> WriteAsync(string? etag, CancellationToken cancellationToken)
    {
        var row = new LeaseRow(_id, _options.Machine, _options.ProcessId, _time.GetUtcNow() + _options.Duration, _options.Duration).Write();
        var write = etag is null ? RowOperation.Insert(LeaseRow.Address, row) : RowOperation.Replace(LeaseRow.Address, row, etag);
        var result = await _rows.CommitAsync(new RowCommit().Add(write), cancellationToken);
        _etag = result.Succeeded ? result.ETags[0] : _etag;
        return result.Succeeded;
    }
}
