using Serverless.Core.States;
using Serverless.Core.Validation;

namespace Serverless.Server.Queries;

/// <summary>Which part of a list is asked for.</summary>
/// <param name="Offset">How many to skip.</param>
/// <param name="Limit">How many to return at most.</param>
internal sealed record Page(int Offset, int Limit)
{
    /// <summary>The most that a request may ask for, and what one gets that does not say (Prefect's default setting).</summary>
    public const int MaxLimit = PageLimitAttribute.Most;

    /// <summary>
    /// The most bytes of a page; one row always fits. A page beyond is refused, and not cut: a client that gets fewer rows than it
    /// asked for takes them for the last.
    /// </summary>
    public const long MaxBytes = 32 * 1024 * 1024;

    /// <summary>The most bytes of the rows that are held to find those of a page in an order that no list has.</summary>
    public const long MaxSortedBytes = 2 * MaxBytes;

    /// <summary>How many items of the order have to be known.</summary>
    public int End => (int)Math.Min((long)Offset + Limit, int.MaxValue);

    public static Page Of(int offset, int? limit) => new(offset, limit ?? MaxLimit);

    /// <summary>All states of a run, which are asked for without a page.</summary>
    /// <exception cref="PageTooLargeException">They are too large together.</exception>
    /// <exception cref="OverloadedException">Other requests hold too much memory.</exception>
    public static async Task<IReadOnlyList<State>> AllAsync(IAsyncEnumerable<State> states)
    {
        List<State> all = [];
        long bytes = 0;
        await foreach (var state in states)
        {
            bytes += RowSize.Of(state);
            if ((bytes > MaxBytes || !AnswerMemory.CanTake(RowSize.InMemory(state))) && all.Count > 0)
            {
                throw PageTooLargeException.OfStates(all.Count, MaxBytes);
            }

            AnswerMemory.Take(RowSize.InMemory(state), fit: 0);
            all.Add(state);
        }

        return all;
    }

    /// <summary>The page of a stream that is in order already.</summary>
    /// <exception cref="PageTooLargeException">The rows are too large together.</exception>
    /// <exception cref="OverloadedException">Other requests hold too much memory.</exception>
    public async Task<IReadOnlyList<T>> TakeAsync<T>(IAsyncEnumerable<T> ordered)
    {
        PageItems<T> items = new();
        if (Limit == 0)
        {
            return items.Items;
        }

        var skipped = 0;
        await foreach (var item in ordered)
        {
            if (skipped < Offset)
            {
                skipped++;
                continue;
            }

            items.Add(item);
            if (items.Items.Count == Limit)
            {
                break;
            }
        }

        return items.Items;
    }

    /// <summary>The page of a stream in any order.</summary>
    /// <exception cref="PageTooLargeException">The rows are too large together.</exception>
    /// <exception cref="OverloadedException">Other requests hold too much memory.</exception>
    public async Task<IReadOnlyList<T>> SortAsync<T>(IAsyncEnumerable<T> items, IComparer<T> order)
    {
        if (Limit == 0)
        {
            return [];
        }

        TopList<T> first = new(order, End, Offset);
        await foreach (var item in items)
        {
            first.Add(item);
            if (first.Bytes > MaxSortedBytes && first.Count > 1)
            {
                throw PageTooLargeException.OfBytes(Math.Max(1, first.Count - 1 - Offset), MaxBytes);
            }
        }

        var page = first.Take();
        long bytes = 0;
        for (var count = 0; count < page.Count; count++)
        {
            bytes += RowSize.Of(page[count]);
            if (bytes > MaxBytes && count > 0)
            {
                throw PageTooLargeException.OfBytes(count, MaxBytes);
            }
        }

        return page;
    }
}
