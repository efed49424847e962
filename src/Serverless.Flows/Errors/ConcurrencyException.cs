namespace Serverless.Flows;

/// <summary>Slots of a concurrency limit cannot be had: there is no such limit, it has fewer slots, or it is no rate limit.</summary>
public sealed class ConcurrencyException : Exception
{
    /// <summary>Creates it.</summary>
    /// <param name="message">What is wrong, for people.</param>
    /// <param name="innerException">What caused it.</param>
    public ConcurrencyException(string message, Exception? innerException = null)
        : base(message, innerException) { }
}
