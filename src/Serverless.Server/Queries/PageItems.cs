namespace Serverless.Server.Queries;

/// <summary>The items of a page as they are read, with the memory that they take.</summary>
internal sealed class PageItems<T>
{
    private readonly List<T> _items = [];
    private long _bytes;

    /// <summary>The items so far.</summary>
    public IReadOnlyList<T> Items => _items;

    /// <summary>Adds the next item.</summary>
    /// <exception cref="PageTooLargeException">The items are too large together.</exception>
    /// <exception cref="OverloadedException">Other requests hold too much memory.</exception>
    public void Add(T item)
    {
        _bytes += RowSize.Of(item);
        if (_bytes > Page.MaxBytes && _items.Count > 0)
        {
            throw PageTooLargeException.OfBytes(_items.Count, Page.MaxBytes);
        }

        AnswerMemory.Take(RowSize.InMemory(item), _items.Count);
        _items.Add(item);
    }
}
