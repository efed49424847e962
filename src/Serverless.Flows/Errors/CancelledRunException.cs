using Serverless.Flows.Calls;

namespace Serverless.Flows;

/// <summary>A run was cancelled.</summary>
public sealed class CancelledRunException : RunException
{
    internal CancelledRunException(string message, RunState state, Called? called)
        : base(message, state, called) { }

    /// <summary>The end of a run that there never was: for unit tests of code that handles it.</summary>
    /// <param name="message">What went wrong.</param>
    public CancelledRunException(string message)
        : base(message, RunState.Cancelled(message)) { }
}
