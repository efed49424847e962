using Serverless.LocalRuntime.History;

namespace Serverless.LocalRuntime.Execution;

/// <summary>
/// Matches raised events with waits, by name without case. Events that come early wait in their order; of several waits
/// for one name the newest takes the event first, as in the published SDK (so that an abandoned wait does no harm).
/// </summary>
internal sealed class ExternalEvents
{
    private readonly Dictionary<string, List<EventWaiter>> _waiters = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<HistoryEvent> _buffered = [];

    /// <summary>How many waits are open.</summary>
    public int Waiting { get; private set; }

    /// <summary>The events that nobody took yet, in their order.</summary>
    public IReadOnlyList<HistoryEvent> Buffered => _buffered;

    /// <summary>Hands the event to a wait; with <paramref name="keep"/>, or when nobody waits, it stays for later.</summary>
    public void Raise(HistoryEvent raised, bool keep)
    {
        if (keep || !_waiters.TryGetValue(raised.Name!, out List<EventWaiter>? waiters) || waiters.Count == 0)
        {
            _buffered.Add(raised);
            return;
        }

        EventWaiter waiter = waiters[^1];
        waiters.RemoveAt(waiters.Count - 1);
        Waiting--;
        waiter.Deliver(raised.Data);
    }

    /// <summary>Takes the oldest early event of a name.</summary>
    public bool TryTake(string name, out HistoryEvent? raised)
    {
        int index = _buffered.FindIndex(candidate => string.Equals(candidate.Name, name, StringComparison.OrdinalIgnoreCase));
        raised = index < 0 ? null : _buffered[index];
        if (index >= 0)
        {
            _buffered.RemoveAt(index);
        }

        return index >= 0;
    }

    /// <summary>Adds a wait.</summary>
    /// <exception cref="ArgumentException">An open wait for the name expects another type.</exception>
    public void Add(string name, EventWaiter waiter)
    {
        if (!_waiters.TryGetValue(name, out List<EventWaiter>? waiters))
        {
            _waiters.Add(name, waiters = []);
        }

        if (waiters.Count > 0 && waiters[^1].PayloadType != waiter.PayloadType)
        {
            throw new ArgumentException(
                $"Event '{name}' is waited for as {waiters[^1].PayloadType} already and cannot be waited for as {waiter.PayloadType} too.",
                nameof(waiter));
        }

        waiters.Add(waiter);
        Waiting++;
    }

    public bool Remove(string name, EventWaiter waiter)
    {
        bool removed = _waiters.TryGetValue(name, out List<EventWaiter>? waiters) && waiters.Remove(waiter);
        Waiting -= removed ? 1 : 0;
        return removed;
    }
}
