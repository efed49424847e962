namespace Serverless.Storage;

/// <summary>
/// A stored row is there but cannot be read: what the disk returned is not what was written. Reading it again is of no use.
/// </summary>
public sealed class RowDamagedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which row it is.</param>
    /// <param name="innerException">What is wrong with it.</param>
    public RowDamagedException(string message, Exception? innerException = null)
        : base(message, innerException) { }
}
