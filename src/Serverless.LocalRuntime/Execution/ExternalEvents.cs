using Serverless.LocalRuntime.History;

namespace Serverless.LocalRuntime.Execution;

/// <summary>
/// Matches raised events with waits, by name without case. Events that come early wait in their order; of several open waits
/// for one name the newest takes the event first, as in the published SDK (so that an abandoned wait does no harm).
/// </summary>
internal sealed class ExternalEvents
{
    /// <summary>
    /// The waits for a name, the newest last. Cancelled ones stay until they come up: they still say what type the name has.
    /// </summary>
    private readonly Dictionary<string, List<EventWaiter>> _waiters = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<HistoryEvent> _buffered = [];

    /// <summary>How many waits are open.</summary>
    public int Waiting { get; private set; }

    /// <summary>The events that nobody took yet, in their order.</summary>
    public IReadOnlyList<HistoryEvent> Buffered => _buffered;

    /// <summary>Hands the event to a wait; with <paramref name="keep"/>, or when nobody waits, it stays for later.</summary>
    public void Raise(HistoryEvent raised, bool keep)
    {
        if (keep || TakeWaiter(raised.Name!) is not { } waiter)
        {
            _buffered.Add(raised);
            return;
        }

        Waiting--;
        waiter.Deliver(raised.Data);
    }

    /// <summary>Takes the oldest early event of a name.</summary>
    public bool TryTake(string name, out HistoryEvent? raised)
    {
        var index = _buffered.FindIndex(candidate => string.Equals(candidate.Name, name, StringComparison.OrdinalIgnoreCase));
        raised = index < 0 ? null : _buffered[index];
        if (index >= 0)
        {
            _buffered.RemoveAt(index);
        }

        return index >= 0;
    }

    /// <summary>Refuses a wait whose type is not that of the waits for the name before.</summary>
    /// <exception cref="ArgumentException">It expects another type.</exception>
    public void Check(string name, Type payloadType)
    {
        if (_waiters.TryGetValue(name, out var waiters) && waiters.Count > 0 && waiters[^1].PayloadType != payloadType)
        {
            throw new ArgumentException(
                $"Event '{name}' is already awaited as {waiters[^1].PayloadType} and cannot also be awaited as {payloadType}.",
                nameof(name)
            );
        }
    }

    /// <summary>Adds an open wait.</summary>
    public void Add(string name, EventWaiter waiter)
    {
        if (!_waiters.TryGetValue(name, out var waiters))
        {
            _waiters.Add(name, waiters = []);
        }

        // A loop of waits with a time limit must not pile up what was cancelled.
        while (waiters.Count > 0 && !waiters[^1].IsOpen)
        {
            waiters.RemoveAt(waiters.Count - 1);
        }

        waiters.Add(waiter);
        Waiting++;
    }

    /// <summary>An open wait was cancelled.</summary>
    public void Cancelled() => Waiting--;

    private EventWaiter? TakeWaiter(string name)
    {
        var waiters = _waiters.GetValueOrDefault(name) ?? [];
        while (waiters.Count > 0)
        {
            var newest = waiters[^1];
            waiters.RemoveAt(waiters.Count - 1);
            if (newest.IsOpen)
            {
                return newest;
            }
        }

        return null;
    }
}
