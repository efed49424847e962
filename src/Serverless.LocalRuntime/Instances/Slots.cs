namespace Serverless.LocalRuntime.Instances;

/// <summary>
/// Bounds how many callers do something at once. A caller releases its slot by disposing it; a slot that is stuck is taken away.
/// </summary>
internal sealed class Slots(int count) : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(count, count);
    private readonly Lock _lock = new();
    private readonly HashSet<TurnSlot> _taken = [];

    /// <summary>Waits for a slot.</summary>
    /// <param name="onLost">Called when the slot is taken away; on another thread.</param>
    public async ValueTask<TurnSlot> EnterAsync(Action<TurnSlot> onLost)
    {
        await _semaphore.WaitAsync();
        TurnSlot slot = new(this, onLost);
        lock (_lock)
        {
            _taken.Add(slot);
        }

        return slot;
    }

    /// <summary>Looks at everybody who has a slot, and takes it from who has not moved for a number of looks.</summary>
    public void Look(int most)
    {
        TurnSlot[] taken;
        lock (_lock)
        {
            taken = [.. _taken];
        }

        foreach (var slot in taken)
        {
            slot.Look(most);
        }
    }

    public void Dispose() => _semaphore.Dispose();

    internal void Leave(TurnSlot slot)
    {
        lock (_lock)
        {
            if (!_taken.Remove(slot))
            {
                return;
            }
        }

        _semaphore.Release();
    }
}
