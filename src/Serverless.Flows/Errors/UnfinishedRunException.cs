using Serverless.Core.States;

namespace Serverless.Flows;

/// <summary>A run has not ended.</summary>
public sealed class UnfinishedRunException : RunException
{
    internal UnfinishedRunException(IState state)
        : base($"Run is in {state.Type.DefaultName().ToUpperInvariant()} state, its result is not available.", state, called: null) { }
}
