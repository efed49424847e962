using Serverless.Core.States;
using Serverless.Flows.Calls;

namespace Serverless.Flows;

/// <summary>A run failed or timed out, after all its retries.</summary>
public sealed class FailedRunException : RunException
{
    internal FailedRunException(string message, RunState state, Called? called)
        : base(message, state, called) { }

    /// <summary>The failure of a run that there never was: for unit tests of code that handles it.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="errorType">The full name of the exception that the code threw; null for none.</param>
    /// <param name="innerErrorTypes">The full names of what caused it, outermost first; null for none.</param>
    public FailedRunException(string message, string? errorType = null, IReadOnlyList<string>? innerErrorTypes = null)
        : base(
            message,
            new RunState(
                ProposedStates.Failed(message, details: new StateDetails { ErrorType = errorType, InnerErrorTypes = innerErrorTypes })
            )
        ) { }
}
