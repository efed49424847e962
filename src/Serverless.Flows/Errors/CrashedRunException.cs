using Serverless.Flows.Calls;

namespace Serverless.Flows;

/// <summary>A run crashed: not its code failed, but what ran it.</summary>
public sealed class CrashedRunException : RunException
{
    internal CrashedRunException(string message, RunState state, Called? called)
        : base(message, state, called) { }

    /// <summary>The end of a run that there never was: for unit tests of code that handles it.</summary>
    /// <param name="message">What went wrong.</param>
    public CrashedRunException(string message)
        : base(message, RunState.Crashed(message)) { }
}
