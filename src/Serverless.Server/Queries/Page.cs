namespace Serverless.Server.Queries;

/// <summary>Which part of a list is asked for.</summary>
/// <param name="Offset">How many to skip.</param>
/// <param name="Limit">How many to return at most.</param>
internal sealed record Page(int Offset, int Limit)
{
    /// <summary>The most that a request may ask for, and what one gets that does not say (Prefect's default setting).</summary>
    public const int MaxLimit = 200;

    /// <summary>How many items of the order have to be known.</summary>
    public int End => (int)Math.Min((long)Offset + Limit, int.MaxValue);

    public static Page Of(int offset, int? limit) => new(offset, limit ?? MaxLimit);

    /// <summary>The page of a stream that is in order already.</summary>
    public async Task<IReadOnlyList<T>> TakeAsync<T>(IAsyncEnumerable<T> ordered)
    {
        List<T> items = [];
        if (Limit == 0)
        {
            return items;
        }

        int skipped = 0;
        await foreach (T item in ordered)
        {
            if (skipped < Offset)
            {
                skipped++;
                continue;
            }

            items.Add(item);
            if (items.Count == Limit)
            {
                break;
            }
        }

        return items;
    }

    /// <summary>The page of a stream in any order.</summary>
    public async Task<IReadOnlyList<T>> SortAsync<T>(IAsyncEnumerable<T> items, IComparer<T> order)
    {
        if (Limit == 0)
        {
            return [];
        }

        TopList<T> first = new(order, End);
        await foreach (T item in items)
        {
            first.Add(item);
        }

        return first.Take(Offset);
    }
}
