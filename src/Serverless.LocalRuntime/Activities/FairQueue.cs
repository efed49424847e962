namespace Serverless.LocalRuntime.Activities;

/// <summary>
/// A queue that serves its groups in turn, so that a group of thousands does not hold up the others. Not safe for threads.
/// </summary>
internal sealed class FairQueue<T>
{
    private readonly Dictionary<string, Queue<T>> _groups = new(StringComparer.Ordinal);
    private readonly Queue<string> _turns = [];

    public int Count { get; private set; }

    public void Enqueue(string group, T item)
    {
        if (!_groups.TryGetValue(group, out var items))
        {
            _groups.Add(group, items = []);
            _turns.Enqueue(group);
        }

        items.Enqueue(item);
        Count++;
    }

    public bool TryDequeue(out T? item)
    {
        if (!_turns.TryDequeue(out var group))
        {
            item = default;
            return false;
        }

        var items = _groups[group];
        item = items.Dequeue();
        Count--;
        if (items.Count > 0)
        {
            _turns.Enqueue(group);
        }
        else
        {
            _groups.Remove(group);
        }

        return true;
    }
}
