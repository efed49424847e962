namespace Serverless.Flows;

/// <summary>
/// A task or flow throws it to fail at once: no further attempt is made, however many <c>Retries</c> are left. Derived types count too.
/// A flow sees the failure of a task as <see cref="FailedRunException"/>, which its own retries do not exclude.
/// </summary>
public class NonRetryableException : Exception
{
    /// <summary>A failure without a text of its own.</summary>
    public NonRetryableException() { }

    /// <summary>A failure.</summary>
    /// <param name="message">What went wrong; it becomes part of the state's message.</param>
    public NonRetryableException(string message)
        : base(message) { }

    /// <summary>A failure with a cause.</summary>
    /// <param name="message">What went wrong; it becomes part of the state's message.</param>
    /// <param name="innerException">The cause; its type is kept in <see cref="RunException.InnerErrorTypes"/>.</param>
    public NonRetryableException(string message, Exception? innerException)
        : base(message, innerException) { }
}
