namespace Serverless.Flows.Testing;

/// <summary>A run did not do what a test expects, or cannot go on by itself. The message says what is so instead.</summary>
public sealed class FlowTestException : Exception
{
    /// <summary>The exception.</summary>
    /// <param name="message">What was expected, and what is so.</param>
    public FlowTestException(string message)
        : base(message) { }

    /// <summary>The exception, with its cause.</summary>
    /// <param name="message">What was expected, and what is so.</param>
    /// <param name="innerException">The cause.</param>
    public FlowTestException(string message, Exception? innerException)
        : base(message, innerException) { }
}
