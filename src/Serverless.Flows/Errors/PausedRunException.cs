using Serverless.Core.States;

namespace Serverless.Flows;

/// <summary>A run is paused.</summary>
public sealed class PausedRunException : RunException
{
    internal PausedRunException(IState state)
        : base("Run is paused, its result is not available.", state, called: null) { }
}
