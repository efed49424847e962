namespace Serverless.Flows;

/// <summary>
/// A flow or task is declared, registered or called in a way that cannot work. The message names it and says what to change.
/// </summary>
public sealed class FlowRegistrationException : Exception
{
    /// <summary>One problem.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">The cause, if another exception is.</param>
    public FlowRegistrationException(string message, Exception? innerException = null)
        : base(message, innerException) => Problems = [message];

    /// <summary>Several problems; the message has one line for each.</summary>
    /// <param name="problems">What is wrong.</param>
    public FlowRegistrationException(IReadOnlyList<string> problems)
        : base(string.Join(Environment.NewLine, problems)) => Problems = problems;

    /// <summary>Everything that is wrong.</summary>
    public IReadOnlyList<string> Problems { get; }
}
