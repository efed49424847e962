namespace Serverless.Flows;

/// <summary>The value of a run is asked for that has not ended.</summary>
public sealed class UnfinishedRunException : RunException
{
    /// <summary>The exception for a state.</summary>
    /// <param name="state">The state, as in <see cref="RunState.Scheduled"/>.</param>
    public UnfinishedRunException(RunState state)
        : base(MessageOf(state), state) { }

    private static string MessageOf(RunState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return $"Run is in {state.Type.ToString().ToUpperInvariant()} state, its result is not available.";
    }
}
