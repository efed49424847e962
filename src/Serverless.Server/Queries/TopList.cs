namespace Serverless.Server.Queries;

/// <summary>Keeps the first so many of the items it is shown, by an order, in memory bounded by their number.</summary>
/// <param name="order">The order.</param>
/// <param name="capacity">How many are kept.</param>
/// <param name="offset">How many of them are not asked for.</param>
internal sealed class TopList<T>(IComparer<T> order, int capacity, int offset = 0)
{
    // The last of those kept is on top, to be thrown out first.
    private readonly PriorityQueue<T, T> _kept = new(Comparer<T>.Create((a, b) => order.Compare(b, a)));

    /// <summary>How many items are kept.</summary>
    public int Count => _kept.Count;

    /// <summary>About how large the items are that are kept.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many of a page those are that are kept: at least one, since a row always fits.</summary>
    public int Fit => Math.Max(Math.Min(1, Count), Count - offset);

    public void Add(T item)
    {
        if (_kept.Count < capacity)
        {
            AnswerMemory.Take(RowSize.InMemory(item), Fit);
            _kept.Enqueue(item, item);
            Bytes += RowSize.Of(item);
        }
        else if (capacity > 0 && order.Compare(item, _kept.Peek()) < 0)
        {
            AnswerMemory.Take(RowSize.InMemory(item), Fit);
            var last = _kept.EnqueueDequeue(item, item);
            AnswerMemory.Give(RowSize.InMemory(last));
            Bytes += RowSize.Of(item) - RowSize.Of(last);
        }
    }

    /// <summary>The items kept, in order, without those that are not asked for. Empties the list.</summary>
    public IReadOnlyList<T> Take()
    {
        if (_kept.Count <= offset)
        {
            return [];
        }

        var items = new T[_kept.Count - offset];
        for (var index = items.Length - 1; index >= 0; index--)
        {
            items[index] = _kept.Dequeue();
        }

        return items;
    }
}
