namespace Serverless.Server.Queries;

/// <summary>The rows of a page are large, and take more bytes together than an answer may have.</summary>
internal sealed class PageTooLargeException : Exception
{
    private PageTooLargeException(int limit, string message)
        : base(message) => Limit = limit;

    /// <summary>How many rows fit.</summary>
    public int Limit { get; }

    /// <summary>Only so many rows fit in the bytes of a page.</summary>
    public static PageTooLargeException OfBytes(int limit, long bytes) => OfLimit(limit, $"a page has at most {bytes} bytes of them");

    /// <summary>Only so many rows fit in the memory of requests: JSON of many short values takes more of it than its length.</summary>
    public static PageTooLargeException OfMemory(int limit, long bytes) =>
        OfLimit(limit, $"an answer may use at most {bytes} bytes of memory");

    /// <summary>The states of a run cannot be listed: nothing says how many are wanted.</summary>
    public static PageTooLargeException OfStates(int count, long bytes) =>
        new(
            count,
            $"The states of this run are too large to list: an answer has at most {bytes} bytes, which the first {count} of them fill. The "
                + "run itself contains its last state."
        );

    private static PageTooLargeException OfLimit(int limit, string bound) =>
        new(limit, $"Invalid limit: the rows are large, and {bound}: must be less than or equal to {limit}.");
}
