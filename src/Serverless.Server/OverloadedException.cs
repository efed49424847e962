namespace Serverless.Server;

/// <summary>
/// A request that is refused for what others have asked for already (status 503), and did nothing: it is to be repeated later.
/// </summary>
/// <param name="message">Why, for people.</param>
/// <param name="retryAfter">Seconds until it is worth another try.</param>
public sealed class OverloadedException(string message, int retryAfter) : Exception(message)
{
    /// <summary>Seconds until it is worth another try.</summary>
    public int RetryAfter => retryAfter;
}
