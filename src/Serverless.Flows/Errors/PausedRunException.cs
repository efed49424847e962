namespace Serverless.Flows;

/// <summary>The value of a run is asked for that is paused.</summary>
public sealed class PausedRunException : RunException
{
    /// <summary>The exception for a state.</summary>
    /// <param name="state">The state, as in <see cref="RunState.Paused"/>.</param>
    public PausedRunException(RunState state)
        : base("Run is paused, its result is not available.", state) { }
}
