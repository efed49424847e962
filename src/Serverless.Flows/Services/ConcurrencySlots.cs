using Microsoft.Extensions.Logging;

namespace Serverless.Flows;

/// <summary>Slots of concurrency limits that a task holds until this is disposed. They are renewed meanwhile.</summary>
public sealed class ConcurrencySlots : IAsyncDisposable
{
    /// <summary>After which part of its time a lease is renewed; Prefect's client does it then, too.</summary>
    private const double RenewAfter = 0.75;

    private readonly TaskContext _task;
    private readonly IReadOnlyList<string> _limits;
    private readonly Guid? _leaseId;
    private readonly TimeSpan _duration;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _released = new();
    private readonly Task _renewing;
    private int _isDisposed;

    internal ConcurrencySlots(TaskContext task, IReadOnlyList<string> limits, Guid? leaseId, TimeSpan duration)
    {
        _task = task;
        _limits = limits;
        _leaseId = leaseId;
        _duration = duration;
        _renewing = leaseId is null ? Task.CompletedTask : RenewAsync(leaseId.Value);
    }

    /// <summary>Cancelled when the slots are lost: the lease could not be renewed in time, or somebody released them.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Releases the slots.</summary>
    /// <returns>A task that is done when they are free.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _released.CancelAsync();
        await _renewing;
        _released.Dispose();
        _lost.Dispose();
        if (_leaseId is { } leaseId)
        {
            await _task.Services.ReleaseSlotsAsync(leaseId);
        }
    }

    private async Task RenewAsync(Guid leaseId)
    {
        var time = _task.Services.Time;
        var renewed = time.GetTimestamp();
        var delay = _duration * RenewAfter;
        while (true)
        {
            await Task.Delay(delay, time, _released.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_released.IsCancellationRequested)
            {
                return;
            }

            var asked = time.GetTimestamp();
            try
            {
                if (!await _task.Services.RenewSlotsAsync(leaseId, _duration, _released.Token))
                {
                    await LoseAsync("the lease has ended");
                    return;
                }

                renewed = asked;
                delay = _duration * RenewAfter;
            }
            catch (OperationCanceledException) when (_released.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever keeps the lease from being renewed, it is tried again as long as it lasts.
            catch (Exception error)
#pragma warning restore CA1031
            {
                if (time.GetElapsedTime(renewed) >= _duration)
                {
                    await LoseAsync(error.Message);
                    return;
                }

                delay = _duration * ((1 - RenewAfter) / 4);
            }
        }
    }

    private Task LoseAsync(string reason)
    {
        _task.Logger.LogWarning("The slots of {Limits} are lost: {Reason}.", string.Join(", ", _limits), reason);
        return _lost.CancelAsync();
    }
}
