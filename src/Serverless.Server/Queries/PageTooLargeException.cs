namespace Serverless.Server.Queries;

/// <summary>The rows of a page are large, and take more bytes together than an answer may have.</summary>
/// <param name="limit">How many of them fit.</param>
/// <param name="bytes">How many bytes a page may have.</param>
internal sealed class PageTooLargeException(int limit, long bytes)
    : Exception($"Invalid limit: the rows are large, and a page holds {bytes} bytes of them: must be less than or equal to {limit}.")
{
    /// <summary>How many rows fit.</summary>
    public int Limit => limit;
}
