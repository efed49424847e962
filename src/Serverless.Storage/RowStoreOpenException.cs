namespace Serverless.Storage;

/// <summary>The store cannot be opened; the message is one line for the operator.</summary>
public class RowStoreOpenException : Exception
{
    /// <summary>Creates the exception.</summary>
    public RowStoreOpenException(string message, Exception? innerException = null)
        : base(message, innerException) { }
}
