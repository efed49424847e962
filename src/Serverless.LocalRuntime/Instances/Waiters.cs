namespace Serverless.LocalRuntime.Instances;

/// <summary>Those who wait for an instance to come to a state. Used by the instance's pump, but for <see cref="AreGone"/>.</summary>
internal sealed class Waiters(string id)
{
    private readonly List<InstanceMessage.Await> _waiters = [];

    /// <summary>True when nobody waits any more. Read by the evicting thread while no pump runs.</summary>
    public bool AreGone => _waiters.TrueForAll(wait => wait.Cancellation.IsCancellationRequested);

    public void Add(InstanceMessage.Await wait) => _waiters.Add(wait);

    public void AddRange(IEnumerable<InstanceMessage.Await> waits) => _waiters.AddRange(waits);

    /// <summary>Tells those who wait for what the instance is now; all, when there is none.</summary>
    public void Tell(InstanceRecord? record)
    {
        if (_waiters.Count == 0)
        {
            return;
        }

        if (record is null)
        {
            Reject(new InvalidOperationException($"There is no orchestration instance with the id '{id}'."));
            return;
        }

        _waiters.RemoveAll(wait =>
            wait.Cancellation.IsCancellationRequested || (wait.Condition(record) && wait.Reached.TrySetResult(record))
        );
    }

    public void Reject(Exception reason)
    {
        InstanceMessage.Reject(_waiters, reason);
        _waiters.Clear();
    }
}
