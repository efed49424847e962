using Serverless.Core.States;

namespace Serverless.Flows;

/// <summary>A run crashed: not its code failed, but what ran it.</summary>
public sealed class CrashedRunException : RunException
{
    internal CrashedRunException(string message, IState state, RunnableDefinition? called)
        : base(message, state, called) { }
}
