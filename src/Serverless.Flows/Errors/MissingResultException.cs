namespace Serverless.Flows;

/// <summary>A run completed, but its state does not have its value with it: states that come from the API have none.</summary>
public sealed class MissingResultException : RunException
{
    /// <summary>The exception for a state.</summary>
    /// <param name="state">The state, as in <see cref="RunState.Completed"/>.</param>
    public MissingResultException(RunState state)
        : base("State data is missing. A state that was read from the API has no result.", state) { }
}
