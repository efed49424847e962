namespace Serverless.Storage;

/// <summary>The store cannot be reached or cannot write (disk full, shut down, throttled for too long).</summary>
public sealed class RowStoreUnavailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    public RowStoreUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException) { }
}
