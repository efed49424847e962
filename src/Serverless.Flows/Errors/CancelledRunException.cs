using Serverless.Core.States;

namespace Serverless.Flows;

/// <summary>A run was cancelled.</summary>
public sealed class CancelledRunException : RunException
{
    internal CancelledRunException(string message, IState state, RunnableDefinition? called)
        : base(message, state, called) { }
}
