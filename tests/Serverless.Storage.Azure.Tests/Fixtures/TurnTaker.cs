namespace Serverless.Storage.Azure.Tests.Fixtures;

/// <summary>
/// Lets one request go at a time, each time a random one of those that wait: interleavings that the network would seldom show.
/// </summary>
public sealed class TurnTaker(int seed) : IAsyncDisposable
{
    private readonly Lock _lock = new();
#pragma warning disable RS0030 // Seeded by the test.
    private readonly Random _random = new(seed);
#pragma warning restore RS0030
    private readonly List<TaskCompletionSource> _waiting = [];
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly SemaphoreSlim _ended = new(0);
    private readonly CancellationTokenSource _stop = new();
    private Task? _pump;

    /// <summary>Waits for a turn, which lasts until the answer is disposed.</summary>
    public async Task<IDisposable> TakeAsync()
    {
        TaskCompletionSource turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting.Add(turn);
            _pump ??= Task.Run(PumpAsync);
        }

        _arrived.Release();
        await turn.Task;
        return new Turn(_ended);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await (_pump ?? Task.CompletedTask);
        _stop.Dispose();
        _arrived.Dispose();
        _ended.Dispose();
    }

    private async Task PumpAsync()
    {
        try
        {
            while (true)
            {
                await _arrived.WaitAsync(_stop.Token);

                // Gives others the time to come too, so that there is a choice.
                for (var i = 0; i < 20; i++)
                {
                    await Task.Yield();
                }

                TaskCompletionSource next;
                lock (_lock)
                {
                    var index = _random.Next(_waiting.Count);
                    next = _waiting[index];
                    _waiting.RemoveAt(index);
                }

                next.SetResult();
                await _ended.WaitAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private sealed class Turn(SemaphoreSlim ended) : IDisposable
    {
        public void Dispose() => ended.Release();
    }
}
