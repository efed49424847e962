namespace Serverless.Server.Queries;

/// <summary>Keeps the first so many of the items it is shown, by an order, in memory bounded by their number.</summary>
internal sealed class TopList<T>(IComparer<T> order, int capacity)
{
    // The last of those kept is on top, to be thrown out first.
    private readonly PriorityQueue<T, T> _kept = new(Comparer<T>.Create((a, b) => order.Compare(b, a)));

    /// <summary>How many items are kept.</summary>
    public int Count => _kept.Count;

    /// <summary>About how large the items are that are kept.</summary>
    public long Bytes { get; private set; }

    public void Add(T item)
    {
        if (_kept.Count < capacity)
        {
            _kept.Enqueue(item, item);
            Bytes += RowSize.Of(item);
        }
        else if (capacity > 0)
        {
            Bytes += RowSize.Of(item) - RowSize.Of(_kept.EnqueueDequeue(item, item));
        }
    }

    /// <summary>The items kept, in order, without the first <paramref name="offset"/>. Empties the list.</summary>
    public IReadOnlyList<T> Take(int offset)
    {
        if (_kept.Count <= offset)
        {
            return [];
        }

        T[] items = new T[_kept.Count - offset];
        for (int index = items.Length - 1; index >= 0; index--)
        {
            items[index] = _kept.Dequeue();
        }

        return items;
    }
}
