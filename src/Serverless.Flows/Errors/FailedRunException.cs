using Serverless.Core.States;

namespace Serverless.Flows;

/// <summary>A run failed or timed out, after all its retries.</summary>
public sealed class FailedRunException : RunException
{
    internal FailedRunException(string message, IState state, RunnableDefinition? called)
        : base(message, state, called) { }
}
